using Microsoft.Extensions.AI;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>Judges images that were found by any multimodal chat model behind <see cref="IChatClient"/>: one request per image.</summary>
/// <remarks>
/// Serves concurrent callers; at most <see cref="ChatSettings.MaxConcurrency"/> requests are under way at once. The client stays the
/// caller's to dispose.
/// </remarks>
public sealed class ChatTargetVerifier : ITargetVerifier
{
    private readonly ChatVerifierOptions _options;
    private readonly ChatCaller _caller;

    /// <summary>Wraps a chat client.</summary>
    /// <param name="client">The client of a model that reads images; its own retries turned off.</param>
    /// <param name="options">How it is asked; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">Neither the client nor <see cref="ChatSettings.ModelId"/> names the model.</exception>
    public ChatTargetVerifier(IChatClient client, ChatVerifierOptions? options = null)
    {
        _options = options is null ? new ChatVerifierOptions() : new ChatVerifierOptions(options);
        _caller = new ChatCaller(client, _options.Chat);
        VerifierId = _caller.Identify(_options.Prompt.System, _options.Prompt.Instruction);
    }

    /// <summary>The model, and a hash of the prompt, the size of the images and the temperature: <c>chat:MODEL#HASH</c>.</summary>
    public string VerifierId { get; }

    /// <summary>What was spent so far.</summary>
    public ChatUsage Usage => _caller.Usage;

    /// <inheritdoc/>
    /// <exception cref="ChatRefusedException">The model refused the query or the image.</exception>
    /// <exception cref="ChatUnavailableException">The service did not answer.</exception>
    /// <exception cref="InvalidChatResponseException">No answer held a number from 0 to 10.</exception>
    public async ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        // Decoding and scaling pictures is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        FitForm.Verdict verdict = await _caller.AskAsync(Question(query, candidate, _caller.Show), FitForm.Instance, adjust: null, cancellationToken).ConfigureAwait(false);
        return verdict.Fit;
    }

    /// <summary>What judging some images would cost, without asking: one request for each.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The images.</param>
    /// <returns>The estimate; nothing is decoded for it.</returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    public ChatEstimate Estimate(ComposedQuery query, IReadOnlyList<ImageData> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return ChatEstimate.Sum(candidates.Select(candidate => _caller.Estimate(counter => Question(query, candidate, counter.Show), FitForm.AnswerTokens)));
    }

    private ChatMessage[] Question(ComposedQuery query, ImageData candidate, Func<ImageData, AIContent> show) =>
    [
        new(ChatRole.System, _options.Prompt.System),
        new(ChatRole.User,
        [
            new TextContent($"{_options.Prompt.Instruction}\n\nAnswer with {FitForm.Instance.Description}."),
            .. QueryContent.Create(query, show),
            new TextContent("The found picture:"),
            show(candidate),
        ]),
    ];
}
