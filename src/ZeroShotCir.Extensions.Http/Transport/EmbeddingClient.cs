using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Extensions.Http.Transport;

/// <summary>Sends requests, again where that may help, and says in words what became of them. Thread-safe.</summary>
internal sealed class EmbeddingClient(
    HttpClient http, EmbeddingService service, Uri endpoint, string? key, TimeSpan timeout, RetrySchedule retries, TimeProvider clock, UsageMeter meter)
{
    private const int LargestError = 256 << 10;
    private const int BytesPerNumber = 48;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Asks for the embeddings of one call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="dimensions">The components that every embedding must have.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="RefusedInputsException">The service refuses what is asked about.</exception>
    /// <exception cref="EmbeddingServiceException">It does not answer, refuses everything, or answers something else.</exception>
    public async Task<ServiceReply> AskAsync(ServiceCall call, int dimensions, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = BodyOf(call);
        int largest = checked(LargestError + (call.Inputs.Count * dimensions * BytesPerNumber));
        for (int attempt = 1; ; attempt++)
        {
            Outcome outcome = await SendAsync(call, body, largest, cancellationToken).ConfigureAwait(false);
            if (outcome.Body is { } reply)
            {
                return Read(reply, call, dimensions);
            }

            meter.AddFailure();
            if (outcome.Kind == FailureKind.Inputs)
            {
                throw new RefusedInputsException(outcome.Message);
            }

            if (outcome.Kind == FailureKind.Final || retries.DelayAfter(attempt, outcome.Delay) is not { } delay)
            {
                string tried = attempt > 1 ? $" It was asked {attempt} times." : string.Empty;
                throw new EmbeddingServiceException(outcome.Message + tried, outcome.Cause) { Status = outcome.Status, IsFinal = outcome.Kind == FailureKind.Final };
            }

            await retries.WaitAsync(delay, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ReadOnlyMemory<byte> Bytes(ArrayBufferWriter<byte> buffer) => buffer.WrittenMemory;

    private static FailureKind KindOf(HttpStatusCode status) => (int)status switch
    {
        408 or 409 or 425 or 429 or 499 or >= 500 => FailureKind.Passing,
        400 or 413 or 415 or 422 or 424 => FailureKind.Inputs,
        _ => FailureKind.Final,
    };

    private ReadOnlyMemory<byte> BodyOf(ServiceCall call)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Relaxed))
        {
            service.Write(writer, call);
        }

        return Bytes(buffer);
    }

    private async Task<Outcome> SendAsync(ServiceCall call, ReadOnlyMemory<byte> body, int largest, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{service.PathOf(call)}"))
            {
                Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new("application/json") } },
            };
            if (key is not null)
            {
                service.Authorize(request, key);
            }

            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            byte[]? reply = await ReadBoundedAsync(response, response.IsSuccessStatusCode ? largest : LargestError, limit.Token).ConfigureAwait(false);
            if (reply is null)
            {
                return Failed(FailureKind.Final, response.StatusCode, $"answered with more than {largest} bytes; nothing of it was used");
            }

            ServerError? error = ServerError.Read(reply, response.IsSuccessStatusCode);
            if (error is null)
            {
                return new Outcome { Body = reply };
            }

            HttpStatusCode status = response.IsSuccessStatusCode && error.Code is >= 400 and < 600 ? (HttpStatusCode)error.Code : response.StatusCode;
            FailureKind kind = error.IsAboutKey ? FailureKind.Final
                : response.IsSuccessStatusCode && status == response.StatusCode ? FailureKind.Passing
                : KindOf(status);
            string advice = (int)status switch
            {
                401 or 403 => " Check the key.",
                _ when error.IsAboutKey => " Check the key.",
                402 => " Check the credit.",
                404 => " Check the model's name and the endpoint.",
                _ => string.Empty,
            };
            return Failed(kind, status, $"answered {(int)status}: {error.Sentence?.TrimEnd('.')}.{advice}")
                with
            {
                Delay = error.Delay ?? RetryDelay.FromHeaders(name => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null, clock),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(FailureKind.Passing, null, $"did not answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed(FailureKind.Passing, null, $"cannot be reached: {e.Message}", e);
        }
    }

    private static async Task<byte[]?> ReadBoundedAsync(HttpResponseMessage response, int largest, CancellationToken cancellationToken)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        ArrayBufferWriter<byte> body = new();
        while (true)
        {
            int read = await stream.ReadAsync(body.GetMemory(16 << 10), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return body.WrittenSpan.ToArray();
            }

            body.Advance(read);
            if (body.WrittenCount > largest)
            {
                return null;
            }
        }
    }

    private ServiceReply Read(byte[] body, ServiceCall call, int dimensions)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            ServiceReply reply = service.Read(document.RootElement, call.Inputs.Count);
            if (reply.Rows.Length != call.Inputs.Count)
            {
                throw new FormatException($"it has {reply.Rows.Length} embeddings for {call.Inputs.Count} inputs");
            }

            if (reply.Rows.FirstOrDefault(row => row.Length != dimensions) is { } other)
            {
                throw new FormatException($"an embedding has {other.Length} components, expected {dimensions}; set Dimensions to what the model writes");
            }

            meter.AddReply(reply, call.Inputs.Count);
            return reply;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            meter.AddFailure();
            throw new EmbeddingServiceException($"The reply of {service} at {endpoint} cannot be used: {KeyMask.Hide(e.Message, key)}. Nothing of it was "
                + "used.", e)
            { IsFinal = true };
        }
    }

    private Outcome Failed(FailureKind kind, HttpStatusCode? status, string what, Exception? cause = null)
        => new() { Kind = kind, Status = status, Message = KeyMask.Hide($"{service} at {endpoint} {what.TrimEnd('.')}.", key), Cause = cause };

    private enum FailureKind
    {
        Passing,
        Inputs,
        Final,
    }

    private sealed record Outcome
    {
        public byte[]? Body { get; init; }

        public FailureKind Kind { get; init; }

        public HttpStatusCode? Status { get; init; }

        public TimeSpan? Delay { get; init; }

        public string Message { get; init; } = string.Empty;

        public Exception? Cause { get; init; }
    }
}
