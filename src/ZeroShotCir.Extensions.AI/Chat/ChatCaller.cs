using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// Asks a model and reads its answer: the one place for the concurrency limit, timeouts, retries, accounting, refusals and
/// answers that cannot be used. Serves concurrent callers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim owns nothing to release unless its wait handle is taken, which is not done here.")]
internal sealed class ChatCaller
{
    private const int ExcerptLength = 200;
    private readonly IChatClient _client;
    private readonly ChatSettings _settings;
    private readonly ChatMeter _meter;
    private readonly SemaphoreSlim _slots;

    public ChatCaller(IChatClient client, ChatSettings settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(settings);
        _client = client;
        _settings = settings;
        _meter = new ChatMeter(settings.Price);
        _slots = new SemaphoreSlim(settings.MaxConcurrency);
        ModelId = settings.ModelId ?? client.GetService<ChatClientMetadata>()?.DefaultModelId
            ?? throw new ArgumentException(
                $"The chat client does not say which model it calls; set {nameof(ChatSettings)}.{nameof(ChatSettings.ModelId)}, since what a model wrote is stored under its name.",
                nameof(client));
    }

    public string ModelId { get; }

    public ChatUsage Usage => _meter.Total;

    /// <summary>Names who is asked and how, <c>chat:MODEL#HASH</c>: the hash covers the prompt and whatever of the settings changes answers.</summary>
    public string Identify(string system, string instruction) => $"chat:{ModelId}#" + PromptHash.Of(
        system,
        instruction,
        _settings.Shrinker is null ? null : _settings.MaxEdge.ToString(CultureInfo.InvariantCulture),
        _settings.Temperature?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes an image part of a message.</summary>
    public DataContent Show(ImageData image)
    {
        ImageData sent = _settings.Shrinker?.Shrink(image, _settings.MaxEdge) ?? image;
        return sent.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
            ? new DataContent(sent.Data, sent.MediaType)
            : throw new InvalidImageException(
                $"{(image.Source is { } source ? $"'{source}'" : "The image")} has the media type '{sent.MediaType}'; chat models accept image/jpeg, image/png and image/webp.");
    }

    /// <summary>Asks until the answer is as asked for, or <see cref="ChatSettings.MaxRepeats"/> is reached.</summary>
    /// <param name="question">The system and user messages.</param>
    /// <param name="form">The form of the answer.</param>
    /// <param name="adjust">Changes the options that follow from the settings.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What was read.</returns>
    public async Task<T> AskAsync<T>(
        IReadOnlyList<ChatMessage> question, AnswerForm<T> form, Action<ChatOptions>? adjust, CancellationToken cancellationToken)
        where T : class
    {
        List<ChatMessage> conversation = [.. question];
        T? usable = null;
        for (int repeats = 0; ; repeats++)
        {
            ChatOptions options = CreateOptions(form);
            adjust?.Invoke(options);
            ChatResponse response = await SendAsync(conversation, options, cancellationToken).ConfigureAwait(false);
            ThrowIfRefused(response);
            string text = response.Text;
            AnswerReading<T> reading = Read(response, text, form);
            if (reading is { Complaint: null, Value: { } value })
            {
                return value;
            }

            _meter.CountUnusable();
            usable = reading.Value ?? usable;
            if (repeats == _settings.MaxRepeats)
            {
                return usable ?? throw new InvalidChatResponseException(
                    $"The model '{ModelId}' was asked {repeats + 1} times for {form.Description}, but of its last answer {reading.Complaint}: \"{Excerpt(text)}\". "
                    + "Use a model that follows instructions, or change the prompt.");
            }

            conversation = [.. question, new ChatMessage(ChatRole.Assistant, Excerpt(text)), new ChatMessage(
                ChatRole.User, $"That answer cannot be used: {reading.Complaint}. Answer again with {form.Description} and nothing else.")];
        }
    }

    private ChatOptions CreateOptions<T>(AnswerForm<T> form)
        where T : class
    {
        ChatOptions options = new()
        {
            ModelId = _settings.ModelId,
            Temperature = _settings.Temperature,
            MaxOutputTokens = _settings.MaxOutputTokens,
        };
        if (_settings.StructuredOutput == StructuredOutput.JsonSchema)
        {
            options.ResponseFormat = ChatResponseFormat.ForJsonSchema(form.Schema, form.Name);
            // Servers that know strict schemas then constrain the model; others ignore it.
            options.AdditionalProperties = new AdditionalPropertiesDictionary { ["strict"] = true };
        }

        return options;
    }

    private AnswerReading<T> Read<T>(ChatResponse response, string text, AnswerForm<T> form)
        where T : class
    {
        if (text.Length > _settings.MaxAnswerLength)
        {
            throw new InvalidChatResponseException(
                $"The model '{ModelId}' answered with {text.Length} characters where {form.Description} was asked for; the limit is {_settings.MaxAnswerLength}. "
                + $"Limit the model by {nameof(ChatSettings)}.{nameof(ChatSettings.MaxOutputTokens)}, or check that the endpoint is a chat model's.");
        }

        AnswerReading<T> reading = JsonAnswer.Find(text, form.Read);
        return reading.Complaint is { } complaint && response.FinishReason == ChatFinishReason.Length
            ? reading with { Complaint = complaint + " (it was cut at the limit of output tokens)" }
            : reading;
    }

    private void ThrowIfRefused(ChatResponse response)
    {
        ErrorContent? refusal = response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().FirstOrDefault();
        if (refusal is not null || response.FinishReason == ChatFinishReason.ContentFilter)
        {
            throw new ChatRefusedException(
                $"The model '{ModelId}' refused to answer: {Excerpt(refusal?.Message ?? "its content filter stopped the answer")}. "
                + "Leave this input out, or ask another model.");
        }
    }

    private async Task<ChatResponse> SendAsync(List<ChatMessage> conversation, ChatOptions options, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                ChatFailure failure;
                Exception cause;
                try
                {
                    return await SendOnceAsync(conversation, options, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (IsFailureOfService(e, cancellationToken))
                {
                    cause = e;
                    failure = e is TimeoutException
                        ? new ChatFailure(null)
                        : _settings.ReadFailure?.Invoke(e) ?? ChatFailure.FromException(e);
                }

                TimeSpan delay = failure.RetryAfter ?? Backoff(attempt);
                if (!failure.IsTransient || attempt > _settings.MaxRetries || delay > _settings.MaxDelay)
                {
                    throw Unavailable(failure, attempt, delay, cause);
                }

                await Task.Delay(delay, _settings.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<ChatResponse> SendOnceAsync(List<ChatMessage> conversation, ChatOptions options, CancellationToken cancellationToken)
    {
        _meter.CountRequest();
        using CancellationTokenSource timeout = new(_settings.Timeout, _settings.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            ChatResponse response = await _client.GetResponseAsync(conversation, options, either.Token).ConfigureAwait(false);
            _meter.CountAnswer(response.Usage);
            return response;
        }
        catch (OperationCanceledException e)
        {
            // A client's own timeout looks like a cancellation too: only the caller's token tells.
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The request was not answered within {(timeout.IsCancellationRequested ? _settings.Timeout : "the client's own time limit")}.", e);
        }
    }

    // Whatever else a client throws comes from an answer it did not understand: an error page, half a body, JSON of another service.
    private static bool IsFailureOfService(Exception e, CancellationToken cancellationToken)
        => e is not (NotSupportedException or NotImplementedException or ObjectDisposedException or OutOfMemoryException)
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private TimeSpan Backoff(int attempt)
    {
        double longest = Math.Min(_settings.FirstDelay.TotalSeconds * Math.Pow(2, attempt - 1), _settings.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (0.5 + (0.5 * Random.Shared.NextDouble())));
    }

    private ChatUnavailableException Unavailable(ChatFailure failure, int attempts, TimeSpan delay, Exception cause)
    {
        string what = failure.Status is { } status ? $"answered with HTTP status {status}" : $"failed ({cause.GetType().Name}: {Excerpt(cause.Message)})";
        string advice = failure switch
        {
            { IsTransient: false, Status: 401 or 403 } => "Check the API key and what it may use.",
            { IsTransient: false, Status: 404 } => "Check the endpoint and the name of the model.",
            { IsTransient: false, Status: 400 or 422 } => $"The server refuses this request: {Excerpt(cause.Message)}. A server without structured output needs {nameof(StructuredOutput)}.{nameof(StructuredOutput.Prompt)}.",
            { IsTransient: false } => Excerpt(cause.Message),
            { RetryAfter: { } asked } when asked > _settings.MaxDelay => $"The server asks to wait {delay}, longer than {nameof(ChatSettings.MaxDelay)} = {_settings.MaxDelay}. Run again later.",
            _ => "Run again later, or raise the number of retries.",
        };
        return new ChatUnavailableException(
            $"The chat service of model '{ModelId}' {what}, sent {attempts} {(attempts == 1 ? "time" : "times")}. {advice}", cause)
        {
            Failure = failure,
            Attempts = attempts,
            TimedOut = cause is TimeoutException,
        };
    }

    private static string Excerpt(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= ExcerptLength ? line : string.Concat(line.AsSpan(0, ExcerptLength), "…");
    }
}
