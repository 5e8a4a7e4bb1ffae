using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.AI;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>
/// Asks a model and reads its answer: the one place for the concurrency limit, timeouts, retries, accounting, refusals and
/// answers that cannot be used. Serves concurrent callers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim owns nothing to release unless its wait handle is taken, which is not done here.")]
internal sealed class ChatCaller
{
    private const int ExcerptLength = 400;
    private readonly IChatClient _client;
    private readonly ChatSettings _settings;
    private readonly ChatMeter _meter;
    private readonly SemaphoreSlim _slots;
    private readonly RetrySchedule _retries;
    private readonly ServiceProbe _probe = new();
    private readonly Secrets _secrets;

    public ChatCaller(IChatClient client, ChatSettings settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(settings);
        _client = client;
        _settings = settings;
        _meter = new ChatMeter(settings.Price);
        _slots = new SemaphoreSlim(settings.MaxConcurrency);
        _retries = new RetrySchedule(settings.MaxRetries, settings.FirstDelay, settings.MaxDelay, settings.Clock);
        _secrets = new Secrets(settings.Secrets);
        ModelId = settings.ModelId ?? client.GetService<ChatClientMetadata>()?.DefaultModelId
            ?? throw new ArgumentException(
                $"The chat client does not say which model it calls; set {nameof(ChatSettings)}.{nameof(ChatSettings.ModelId)}, since what a model wrote is stored under its name.",
                nameof(client));
    }

    public string ModelId { get; }

    public ChatUsage Usage => _meter.Total;

    /// <summary>Names who is asked and how, <c>chat:MODEL#HASH</c>: the hash covers the prompt and whatever of the settings changes answers.</summary>
    public string Identify(string system, string instruction) => $"chat:{ModelId}#" + PromptHash.Compute(
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
        List<ChatMessage> addition = [];
        T? usable = null;
        for (int repeats = 0; ; repeats++)
        {
            ChatOptions options = CreateOptions(form);
            adjust?.Invoke(options);
            ChatResponse response;
            (response, question) = await SendAsync(question, addition, options, cancellationToken).ConfigureAwait(false);
            ThrowIfRefused(response);
            string text = Read(response, form, out AnswerReading<T> reading, out bool isHopeless);
            if (reading is { Complaint: null, Value: { } value })
            {
                return value;
            }

            _meter.CountUnusable();
            usable = reading.Value ?? usable;
            if (repeats == _settings.MaxRepeats || isHopeless)
            {
                return usable ?? throw new InvalidChatResponseException(
                    $"The model '{ModelId}' was asked {repeats + 1} {(repeats == 0 ? "time" : "times")} for {form.Description}, "
                    + $"but of its last answer {reading.Complaint}: \"{Excerpt(text)}\". "
                    + (isHopeless
                        ? $"Raise {_settings.Names.MaxOutputTokens} or the server's own limit, or use a model that thinks less."
                        : "Use a model that follows instructions, or change the prompt."));
            }

            addition =
            [
                new ChatMessage(ChatRole.Assistant, Excerpt(text)),
                new ChatMessage(ChatRole.User, $"That answer cannot be used: {reading.Complaint}. Answer again with {form.Description} and nothing else."),
            ];
        }
    }

    /// <summary>Asks for one token and the probabilities of those that might have stood in its place.</summary>
    /// <param name="question">The system and user messages.</param>
    /// <param name="alternatives">How many of the likeliest tokens are asked for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<FirstToken> AskForFirstTokenAsync(IReadOnlyList<ChatMessage> question, int alternatives, CancellationToken cancellationToken)
    {
        using FirstTokenRequest request = FirstTokenRequest.Begin(alternatives);
        ChatOptions options = new() { ModelId = _settings.ModelId, Temperature = _settings.Temperature, MaxOutputTokens = 1 };
        (ChatResponse response, _) = await SendAsync(question, [], options, cancellationToken).ConfigureAwait(false);
        ThrowIfRefused(response);
        if (!request.WasSent)
        {
            throw new ChatUnavailableException(
                $"Probabilities cannot be asked for through this client of model '{ModelId}': no {nameof(ChatHttpHandler)} saw the request. "
                + "Make the client over one, as its documentation shows, without a cache before it.")
            {
                IsFinal = true,
            };
        }

        return request.Answer ?? throw new ChatUnavailableException(
            $"The server of model '{ModelId}' answered without the probabilities that were asked for (logprobs). Use a server that gives them, "
            + "such as vLLM, llama.cpp or OpenAI's with a model that does not reason, or another kind of verifier.")
        {
            IsFinal = true,
        };
    }

    /// <summary>What a request would cost, without sending it.</summary>
    /// <param name="question">Makes the messages, showing pictures by what it is given.</param>
    /// <param name="outputTokens">How long the answer is, about.</param>
    public ChatEstimate Estimate(Func<PictureCounter, IReadOnlyList<ChatMessage>> question, int outputTokens)
    {
        PictureCounter counter = new(_settings.MaxEdge);
        IReadOnlyList<ChatMessage> messages = question(counter);
        return ChatEstimate.Create(messages.Sum(message => (long)message.Text.Length), counter, outputTokens, _settings.Price);
    }

    /// <summary>Says that the first token of an answer was none of those asked for.</summary>
    public InvalidChatResponseException Unusable(FirstToken token, string expected)
    {
        _meter.CountUnusable();
        return new InvalidChatResponseException(
            $"The model '{ModelId}' was asked for {expected}, but its answer begins with \"{Excerpt(token.Chosen)}\". "
            + "Use a model that follows instructions and does not reason first, or change the prompt.");
    }

    private async Task<(ChatResponse Response, IReadOnlyList<ChatMessage> Question)> SendAsync(
        IReadOnlyList<ChatMessage> question, List<ChatMessage> addition, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return (await SendAsync([.. question, .. addition], options, cancellationToken).ConfigureAwait(false), question);
        }
        catch (ChatRefusedException e) when (ImageParts.MayBeTheBytes(e.Failure) && ImageParts.AsJpeg(question, _settings) is { } converted)
        {
            return (await SendAsync([.. converted, .. addition], options, cancellationToken).ConfigureAwait(false), converted);
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

    // The words outside of reasoning, and what they are worth. Hopeless is what another attempt would only pay for again.
    private string Read<T>(ChatResponse response, AnswerForm<T> form, out AnswerReading<T> reading, out bool isHopeless)
        where T : class
    {
        string whole = response.Text;
        if (whole.Length > _settings.MaxAnswerLength)
        {
            throw new InvalidChatResponseException(
                $"The model '{ModelId}' answered with {whole.Length} characters where {form.Description} was asked for; the limit is {_settings.MaxAnswerLength}. "
                + $"Limit the model by {_settings.Names.MaxOutputTokens}, or check that {_settings.Names.Endpoint} is a chat model's.");
        }

        string text = Reasoning.Remove(_secrets.Hide(whole), out bool isOpen);
        bool isCut = response.FinishReason == ChatFinishReason.Length;
        bool hasOnlyThought = isOpen || (string.IsNullOrWhiteSpace(text) && HasReasoning(response));
        reading = hasOnlyThought
            ? new AnswerReading<T>(null, "it holds reasoning only, no JSON after it")
            : JsonAnswer.Find(text, form.Read);
        if (reading.Complaint is { } complaint && isCut)
        {
            reading = reading with { Complaint = complaint + " (it was cut at the limit of output tokens)" };
        }

        isHopeless = isCut && hasOnlyThought;
        return hasOnlyThought ? _secrets.Hide(whole) : text;
    }

    private static bool HasReasoning(ChatResponse response)
        => response.Messages.SelectMany(message => message.Contents).Any(content => content is TextReasoningContent);

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
        bool findsOut = await _probe.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
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
                        ChatResponse response = await SendOnceAsync(conversation, options, cancellationToken).ConfigureAwait(false);
                        Report(isOpen: true, null);
                        return response;
                    }
                    catch (Exception e) when (IsFailureOfService(e, cancellationToken))
                    {
                        cause = e;
                        failure = (_settings.ReadFailure?.Invoke(e) ?? ChatFailure.FromException(e)).Rewrite(_secrets.Hide);
                    }

                    if (failure.Kind != ChatFailureKind.Transient || _retries.DelayAfter(attempt, failure.RetryAfter) is not { } delay)
                    {
                        Exception error = Failed(failure, attempt, cause);
                        Report(failure.Kind != ChatFailureKind.Service, error as ChatUnavailableException);
                        throw error;
                    }

                    Report(isOpen: true, null);
                    await _retries.WaitAsync(delay, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Report(isOpen: false, null); // The caller gave up before anything was known.
        }

        void Report(bool isOpen, ChatUnavailableException? refused)
        {
            if (findsOut)
            {
                findsOut = false;
                _probe.Report(isOpen, isOpen ? null : refused);
            }
            else if (refused is { IsFinal: true })
            {
                _probe.Close();
            }
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

    private Exception Failed(ChatFailure failure, int attempts, Exception cause)
    {
        string said = failure.ServerMessage is { } words ? $": \"{Excerpt(words)}\"" : string.Empty;
        string message = $"The chat service of model '{ModelId}' {FailureAdvice.Describe(failure, $"{cause.GetType().Name}: {Excerpt(cause.Message)}")}{said}, "
            + $"sent {attempts} {(attempts == 1 ? "time" : "times")}. {FailureAdvice.For(failure, _settings)}";
        // What holds a key is not handed on: somebody may log it.
        Exception? inner = HoldsSecret(cause) ? null : cause;
        return failure switch
        {
            { Cause: ChatCause.TooLong } => new InvalidChatResponseException(message, inner),
            { Kind: ChatFailureKind.Input } => new ChatRefusedException(message, inner) { Failure = failure },
            _ => new ChatUnavailableException(message, inner)
            {
                Failure = failure,
                Attempts = attempts,
                TimedOut = failure.Cause == ChatCause.TimedOut,
                IsFinal = failure.Kind == ChatFailureKind.Service,
            },
        };
    }

    private bool HoldsSecret(Exception cause)
    {
        for (Exception? e = cause; e is not null; e = e.InnerException)
        {
            if (_secrets.Hide(e.Message) != e.Message)
            {
                return true;
            }
        }

        return false;
    }

    private string Excerpt(string text)
    {
        string line = _secrets.Hide(text.ReplaceLineEndings(" ").Trim());
        return line.Length <= ExcerptLength ? line : string.Concat(line.AsSpan(0, ExcerptLength), "…");
    }
}
