using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// Stands between a chat client and the servers that speak OpenAI's protocol in their own ways. Bodies are bounded while they are read;
/// answers reach the client in the plain form it understands, whatever their <c>finish_reason</c> and however their content is split;
/// errors, event streams and web pages, also inside HTTP 200, become a <see cref="ChatHttpException"/> with the server's own words; a key
/// that the server echoes is masked. What asks for the probabilities of tokens gets them through it.
/// </summary>
/// <remarks>
/// Serves concurrent callers. Only requests to <c>…/chat/completions</c> that ask for no event stream are touched. With the OpenAI client:
/// <c>Transport = new HttpClientPipelineTransport(new HttpClient(new ChatHttpHandler()) { Timeout = Timeout.InfiniteTimeSpan })</c>.
/// </remarks>
public sealed class ChatHttpHandler : DelegatingHandler
{
    private const int MaxErrorBytes = 256 * 1024;

    /// <summary>Creates the handler over a connection of its own.</summary>
    public ChatHttpHandler()
        : this(new SocketsHttpHandler())
    {
    }

    /// <summary>Creates the handler.</summary>
    /// <param name="innerHandler">What sends the requests.</param>
    public ChatHttpHandler(HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
    }

    /// <summary>The longest answer that is read; a longer one is refused as soon as that shows, and nothing more of it is read.</summary>
    /// <value>In bytes, at least 1. The default value is 16 MiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxAnswerBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxAnswerBytes));
            field = value;
        }
    } = 16 * 1024 * 1024;

    /// <summary>Turns dates of <c>Retry-After</c> into delays.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <inheritdoc/>
    /// <exception cref="ChatHttpException">The server did not answer the question.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool isQuestion = request.RequestUri?.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.Ordinal) == true
            && !request.Headers.Accept.Any(type => type.MediaType == "text/event-stream");
        FirstTokenRequest? firstToken = isQuestion ? FirstTokenRequest.Current : null;
        if (firstToken is not null && request.Content is { } question)
        {
            request.Content = new ByteArrayContent(firstToken.Complete(await question.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)))
            {
                Headers = { ContentType = question.Headers.ContentType },
            };
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!isQuestion)
        {
            return response;
        }

        using (response)
        {
            Secrets secrets = Secrets.In(request);
            try
            {
                return await ReadAsync(response, secrets, firstToken, cancellationToken).ConfigureAwait(false);
            }
            catch (ChatHttpException e)
            {
                throw new ChatHttpException(e.Failure.Rewrite(secrets.Hide));
            }
        }
    }

    private async Task<HttpResponseMessage> ReadAsync(HttpResponseMessage response, Secrets secrets, FirstTokenRequest? firstToken, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            string error = await ReadBodyAsync(response.Content, MaxErrorBytes, isCut: true, cancellationToken).ConfigureAwait(false);
            throw new ChatHttpException(ChatFailure.FromHttp((int)response.StatusCode, Header, error, Clock));
        }

        string body = await ReadBodyAsync(response.Content, MaxAnswerBytes, isCut: false, cancellationToken).ConfigureAwait(false);
        firstToken?.Read(body);
        byte[] answer = ChatEnvelope.Mend(body, response.Content.Headers.ContentType?.MediaType, RetryDelay.FromHeaders(Header, Clock), secrets);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = response.RequestMessage,
            Content = new ByteArrayContent(answer) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };

        string? Header(string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
    }

    private static async Task<string> ReadBodyAsync(HttpContent content, int limit, bool isCut, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> body = new();
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (true)
            {
                int read = await stream.ReadAsync(body.GetMemory(8192), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                body.Advance(read);
                if (body.WrittenCount > limit)
                {
                    return isCut
                        ? Encoding.UTF8.GetString(body.WrittenSpan[..limit])
                        : throw new ChatHttpException(new ChatFailure(
                            ChatCause.TooLong,
                            serverMessage: $"the answer has more than {limit} bytes, which is the limit; "
                                + $"it began: {ServerWords.Parse(Encoding.UTF8.GetString(body.WrittenSpan[..400])).Sentence}"));
                }
            }
        }

        return Encoding.UTF8.GetString(body.WrittenSpan);
    }
}
