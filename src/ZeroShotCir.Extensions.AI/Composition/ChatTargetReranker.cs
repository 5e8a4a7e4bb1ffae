using System.Globalization;
using Microsoft.Extensions.AI;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Grids;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>
/// Puts images that were found into an order by one request to a multimodal chat model, which sees them all, numbered: in one picture
/// (<see cref="ChatRerankerOptions.Grid"/>), or one after the other.
/// </summary>
/// <remarks>
/// <para>
/// As in SQUARE (Wu et al. 2025, one marked grid) and CoTRR (listwise). The answer is read strictly: a number that no image has makes it
/// unusable, and the model is asked again. One that is named twice counts at its first place, and images that are not named stand behind
/// the others in the order given; either is asked again too, up to <see cref="ChatSettings.MaxRepeats"/> times, and then taken as it is:
/// <see cref="RerankedCandidate.IsJudged"/> and <see cref="Incomplete"/> say so.
/// </para>
/// <para>
/// Serves concurrent callers; at most <see cref="ChatSettings.MaxConcurrency"/> requests are under way at once. The client stays the
/// caller's to dispose.
/// </para>
/// </remarks>
public sealed class ChatTargetReranker : ITargetReranker
{
    private readonly ChatRerankerOptions _options;
    private readonly ChatCaller _caller;
    private int _incomplete;

    /// <summary>Wraps a chat client.</summary>
    /// <param name="client">The client of a model that reads images; its own retries turned off.</param>
    /// <param name="options">How it is asked; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">Neither the client nor <see cref="ChatSettings.ModelId"/> names the model.</exception>
    public ChatTargetReranker(IChatClient client, ChatRerankerOptions? options = null)
    {
        _options = options?.Copy() ?? new ChatRerankerOptions();
        _caller = new ChatCaller(client, _options.Chat);
        RerankerId = _caller.Identify(_options.Prompt.System, _options.Grid is { } grid
            ? string.Create(CultureInfo.InvariantCulture, $"{_options.Prompt.Instruction}\ngrid {grid.Edge}")
            : $"{_options.Prompt.Instruction}\nlist");
    }

    /// <summary>The model, and a hash of the prompt, how images are shown and the temperature: <c>chat:MODEL#HASH</c>.</summary>
    public string RerankerId { get; }

    /// <summary>What was spent so far.</summary>
    public ChatUsage Usage => _caller.Usage;

    /// <summary>How many orders so far left images out or named one twice, however often the model was asked.</summary>
    public int Incomplete => _incomplete;

    /// <inheritdoc/>
    /// <exception cref="ChatRefusedException">The model refused the query or an image.</exception>
    /// <exception cref="ChatUnavailableException">The service did not answer.</exception>
    /// <exception cref="InvalidChatResponseException">No answer held an order of these images.</exception>
    public async ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(
        ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count < 2)
        {
            return [.. candidates.Select((_, position) => new RerankedCandidate(position))]; // Nothing to ask.
        }

        // Decoding and scaling pictures is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        AnswerForm<OrderForm.Order> form = OrderForm.Create(candidates.Count);
        OrderForm.Order order = await _caller.AskAsync(
            Question(query, form, _caller.Show, _options.Grid is { } grid ? [Draw(grid, candidates)] : Listed(candidates, _caller.Show)),
            form,
            adjust: null,
            cancellationToken).ConfigureAwait(false);
        if (!order.IsComplete)
        {
            Interlocked.Increment(ref _incomplete);
        }

        return CandidateOrder.Complete(order.Positions, candidates.Count);
    }

    /// <summary>What putting some images into an order would cost, without asking: one request.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The images.</param>
    /// <returns>The estimate; nothing is decoded for it.</returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    public ChatEstimate Estimate(ComposedQuery query, IReadOnlyList<ImageData> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return candidates.Count < 2
            ? ChatEstimate.Sum([])
            : _caller.Estimate(
                counter => Question(
                    query,
                    OrderForm.Create(candidates.Count),
                    counter.Show,
                    _options.Grid is { } grid ? [counter.Show(grid.SizeOf(candidates.Count))] : Listed(candidates, counter.Show)),
                OrderForm.AnswerTokens(candidates.Count));
    }

    private ChatMessage[] Question(ComposedQuery query, AnswerForm<OrderForm.Order> form, Func<ImageData, AIContent> show, IEnumerable<AIContent> candidates) =>
    [
        new(ChatRole.System, _options.Prompt.System),
        new(ChatRole.User,
        [
            new TextContent($"{_options.Prompt.Instruction}\n\nAnswer with {form.Description}."),
            .. QueryContent.Create(query, show),
            new TextContent(_options.Grid is null ? "The found pictures, each behind its number:" : "The found pictures, in one picture, each below its number:"),
            .. candidates,
        ]),
    ];

    private static IEnumerable<AIContent> Listed(IReadOnlyList<ImageData> candidates, Func<ImageData, AIContent> show)
    {
        for (int i = 0; i < candidates.Count; i++)
        {
            yield return new TextContent(string.Create(CultureInfo.InvariantCulture, $"{i + 1}:"));
            yield return show(candidates[i]);
        }
    }

    // A grid is sent as large as it was drawn: scaled down, nobody could read its numbers.
    private DataContent Draw(NumberedGrid grid, IReadOnlyList<ImageData> candidates)
    {
        ImageData drawn = grid.Draw(candidates);
        ImageSize size = grid.SizeOf(candidates.Count);
        ImageData sent = _options.Chat.Shrinker?.ToJpeg(drawn, Math.Max(size.Width, size.Height)) ?? drawn;
        return new DataContent(sent.Data, sent.MediaType);
    }
}
