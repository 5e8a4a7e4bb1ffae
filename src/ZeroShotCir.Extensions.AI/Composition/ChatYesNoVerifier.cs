using System.Globalization;
using Microsoft.Extensions.AI;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.AI.Composition;

/// <summary>
/// Judges images that were found by how sure a chat model is of a yes: the probabilities of the first token of its answer, read from a server
/// that gives them, so that a fit is σ(yes − no) of two log-probabilities and not one of eleven numbers. One request and one token per image.
/// </summary>
/// <remarks>
/// <para>
/// The verifier of PinPoint (CVPR 2026). Tokens such as "Yes", " Yes" and "yes" count together. Where one of the two answers is not among the
/// listed tokens, a bound stands in its place: the least that is listed, or what all listed leave over. An answer that more likely begins
/// with something else, such as a quotation mark or reasoning, is none and is refused.
/// </para>
/// <para>
/// The client must run over a <see cref="ChatHttpHandler"/>, which completes the request (<c>logprobs</c>, <c>top_logprobs</c>) and reads the
/// answer. Serves concurrent callers; at most <see cref="ChatSettings.MaxConcurrency"/> requests are under way at once. The client stays the
/// caller's to dispose.
/// </para>
/// </remarks>
public sealed class ChatYesNoVerifier : ITargetVerifier
{
    private readonly ChatYesNoOptions _options;
    private readonly ChatCaller _caller;
    private readonly Lock _gate = new();
    private int _bounded;
    private double _leastMass = 1;

    /// <summary>Wraps a chat client.</summary>
    /// <param name="client">The client of a model that reads images, over a <see cref="ChatHttpHandler"/>; its own retries turned off.</param>
    /// <param name="options">How it is asked; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">Neither the client nor <see cref="ChatSettings.ModelId"/> names the model.</exception>
    public ChatYesNoVerifier(IChatClient client, ChatYesNoOptions? options = null)
    {
        _options = options?.Copy() ?? new ChatYesNoOptions();
        _caller = new ChatCaller(client, _options.Chat);
        VerifierId = _caller.Identify(_options.Prompt.System, string.Create(CultureInfo.InvariantCulture, $"{_options.Prompt.Instruction}\nyes-no {_options.Alternatives}"));
    }

    /// <summary>The model, and a hash of the prompt, the size of the images and the temperature: <c>chat:MODEL#HASH</c>.</summary>
    public string VerifierId { get; }

    /// <summary>What was spent so far.</summary>
    public ChatUsage Usage => _caller.Usage;

    /// <summary>How many verdicts so far rest on a bound, since yes or no was not among the listed tokens.</summary>
    public int Bounded
    {
        get
        {
            lock (_gate)
            {
                return _bounded;
            }
        }
    }

    /// <summary>The least probability that yes and no had together in a verdict so far; 1 before the first.</summary>
    public double LeastMass
    {
        get
        {
            lock (_gate)
            {
                return _leastMass;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ChatRefusedException">The model refused the query or the image.</exception>
    /// <exception cref="ChatUnavailableException">The service did not answer, or not with probabilities.</exception>
    /// <exception cref="InvalidChatResponseException">The answer more likely begins with something else than yes or no.</exception>
    public async ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        // Decoding and scaling pictures is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        FirstToken token = await _caller.AskForFirstTokenAsync(Question(query, candidate, _caller.Show), _options.Alternatives, cancellationToken).ConfigureAwait(false);
        YesNo verdict = YesNo.FromToken(token) ?? throw _caller.Unusable(token, "yes or no");
        lock (_gate)
        {
            _bounded += verdict.IsBounded ? 1 : 0;
            _leastMass = Math.Min(_leastMass, verdict.Mass);
        }

        return verdict.Yes;
    }

    /// <summary>What judging some images would cost, without asking: one request and one token for each.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The images.</param>
    /// <returns>The estimate; nothing is decoded for it.</returns>
    /// <exception cref="InvalidQueryException">The query has no text, or neither an image nor captions of the reference.</exception>
    public ChatEstimate Estimate(ComposedQuery query, IReadOnlyList<ImageData> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return ChatEstimate.Sum(candidates.Select(candidate => _caller.Estimate(counter => Question(query, candidate, counter.Show), outputTokens: 1)));
    }

    private ChatMessage[] Question(ComposedQuery query, ImageData candidate, Func<ImageData, AIContent> show) =>
    [
        new(ChatRole.System, _options.Prompt.System),
        new(ChatRole.User,
        [
            .. QueryContent.Create(query, show),
            new TextContent("The found picture:"),
            show(candidate),
            new TextContent($"{_options.Prompt.Instruction} Answer with Yes or No and nothing else."),
        ]),
    ];
}
