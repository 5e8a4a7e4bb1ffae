using Microsoft.Extensions.AI;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>Describes the targets of composed queries by any chat model behind <see cref="IChatClient"/>.</summary>
/// <remarks>
/// <para>
/// With the reference's captions alone, a model without eyes will do (as in CIReVL); with the image, one step sees what no caption
/// mentions (as in OSrCIR); with both, the model gets both.
/// </para>
/// <para>
/// Serves concurrent callers; at most <see cref="ChatSettings.MaxConcurrency"/> requests are under way at once. The client stays the
/// caller's to dispose.
/// </para>
/// </remarks>
public sealed class ChatTargetDescriber : ITargetDescriber
{
    private readonly ChatDescriberOptions _options;
    private readonly ChatCaller _caller;

    /// <summary>Wraps a chat client.</summary>
    /// <param name="client">The client of the model; its own retries turned off.</param>
    /// <param name="options">How it is asked; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">Neither the client nor <see cref="ChatSettings.ModelId"/> names the model.</exception>
    public ChatTargetDescriber(IChatClient client, ChatDescriberOptions? options = null)
    {
        _options = options is null ? new ChatDescriberOptions() : new ChatDescriberOptions(options);
        _caller = new ChatCaller(client, _options.Chat);
        DescriberId = _caller.Identify(_options.Prompt.System, _options.Prompt.Instruction);
    }

    /// <summary>The model, and a hash of the prompt, the size of the image and the temperature: <c>chat:MODEL#HASH</c>.</summary>
    public string DescriberId { get; }

    /// <summary>What was spent so far.</summary>
    public ChatUsage Usage => _caller.Usage;

    /// <inheritdoc/>
    /// <exception cref="ChatRefusedException">The model refused the query.</exception>
    /// <exception cref="ChatUnavailableException">The service did not answer.</exception>
    /// <exception cref="InvalidChatResponseException">No answer held descriptions.</exception>
    public async ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        // Decoding and scaling pictures is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        AnswerForm<IReadOnlyList<string>> form = CaptionForm.Create(count, _options.MaxDescriptionLength);
        return await _caller.AskAsync(Question(query, form, _caller.Show), form, adjust: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What describing a target would cost, without asking: one request.</summary>
    /// <param name="query">The query.</param>
    /// <param name="count">How many descriptions; at least 1.</param>
    /// <returns>The estimate; nothing is decoded for it.</returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    public ChatEstimate Estimate(ComposedQuery query, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        AnswerForm<IReadOnlyList<string>> form = CaptionForm.Create(count, _options.MaxDescriptionLength);
        return _caller.Estimate(counter => Question(query, form, counter.Show), CaptionForm.AnswerTokens(count));
    }

    private ChatMessage[] Question(ComposedQuery query, AnswerForm<IReadOnlyList<string>> form, Func<ImageData, AIContent> show) =>
    [
        new(ChatRole.System, _options.Prompt.System),
        new(ChatRole.User, [new TextContent($"{_options.Prompt.Instruction}\n\nAnswer with {form.Description}."), .. QueryContent.Create(query, show)]),
    ];
}
