using Microsoft.Extensions.AI;
using ZeroShotCir.Answers;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Grids;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>A chat model that looks at the first images of rankings, one by one or all at once, before it a store of what it said.</summary>
internal abstract class ChosenVerifier : ITargetReranker
{
    private int _refused;

    /// <summary>Identifies the model and how it is asked.</summary>
    public abstract string Id { get; }

    string ITargetReranker.RerankerId => Id;

    public abstract ChatUsage Usage { get; }

    public abstract int Asked { get; }

    public abstract int Reused { get; }

    /// <summary>How many pairs, or queries where all images are shown at once, got no answer that could be used.</summary>
    public int Refused => _refused;

    public Exception? LastRefusal { get; private set; }

    /// <summary>How many orders left images out; <see langword="null"/> where images are judged one by one.</summary>
    public virtual int? Incomplete => null;

    /// <summary>Of a model that says yes or no, how much its probabilities leave open; <see langword="null"/> of others.</summary>
    public virtual (int Bounded, double LeastMass)? Probabilities => null;

    public static ChosenVerifier Create(VerifierForm form, IChatClient client, ChatSettings settings, IImageDecoder decoder, DecodeOptions pictures, AnswerStore? store)
    {
        switch (form)
        {
            case VerifierForm.Fit:
                ChatTargetVerifier fit = new(client, new ChatVerifierOptions { Chat = settings });
                return new Pointwise(fit, store, () => fit.Usage, fit.Estimate, null);
            case VerifierForm.YesNo:
                ChatYesNoVerifier yesNo = new(client, new ChatYesNoOptions { Chat = settings });
                return new Pointwise(yesNo, store, () => yesNo.Usage, yesNo.Estimate, () => (yesNo.Bounded, yesNo.LeastMass));
            default:
                NumberedGrid? grid = form == VerifierForm.Grid ? new NumberedGrid(decoder, new NumberedGridOptions { DecodeOptions = pictures }) : null;
                ChatTargetReranker reranker = new(client, new ChatRerankerOptions { Chat = settings, Grid = grid });
                return new Listwise(reranker, store, () => reranker.Usage, reranker.Estimate);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(
        ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken = default)
        => await OrderAsync(() => query, [.. candidates.Select(candidate => (Func<ImageData>)(() => candidate))], cancellationToken);

    /// <summary>Puts the first images of a ranking into an order; what gets no answer stays as retrieval had it.</summary>
    /// <param name="query">Makes the query, which may need its picture.</param>
    /// <param name="candidates">Read the images, best first: one that cannot be read gets no answer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>For each new place the image that has it now.</returns>
    public abstract Task<IReadOnlyList<RerankedCandidate>> OrderAsync(
        Func<ComposedQuery> query, IReadOnlyList<Func<ImageData>> candidates, CancellationToken cancellationToken);

    /// <summary>What that would cost where the store does not know it yet; <see langword="null"/> where it knows everything.</summary>
    /// <param name="query">The query.</param>
    /// <param name="candidates">The first images of its ranking.</param>
    /// <param name="seen">What was counted already, since nothing is asked twice; added to.</param>
    public abstract ChatEstimate? Estimate(ComposedQuery query, IReadOnlyList<ImageData> candidates, HashSet<string> seen);

    /// <summary>What it did so far.</summary>
    public VerifierEffort EffortAs(AskedVerification asked) => new(Id, asked.Top, Asked, Reused, Refused, Usage)
    {
        Form = VerifierOptions.NameOf(asked.Form),
        Incomplete = Incomplete,
        Bounded = Probabilities?.Bounded,
        LeastMass = Probabilities?.LeastMass,
    };

    /// <summary>What it would cost, as estimates for all that it would be asked.</summary>
    public VerificationEstimate EstimateOf(AskedVerification asked, IEnumerable<ChatEstimate> estimates, ChatSettings settings)
    {
        ChatEstimate sum = ChatEstimate.Sum(estimates);
        decimal? cost = settings.Price is null ? null : sum.Cost ?? 0;
        return new VerificationEstimate(Id, VerifierOptions.NameOf(asked.Form), asked.Top, sum.Requests, sum.Pictures, sum.InputTokens, sum.OutputTokens, cost);
    }

    // A server that is down fails for all; one that fails again for a pair that ended an earlier run does so because of the pair.
    private bool CountIfItsOwn(ZeroShotCirException e, bool hasFailedBefore)
    {
        bool isItsOwn = e is InputRefusedException or InvalidChatResponseException or InvalidImageException
            || (hasFailedBefore && e is ServiceUnavailableException { IsFinal: false });
        if (isItsOwn)
        {
            LastRefusal = e;
            Interlocked.Increment(ref _refused);
        }

        return isItsOwn;
    }

    /// <summary>Asks about one picture for one query; a pair without a verdict counts as a misfit, so that one of thousands does not end the run.</summary>
    private sealed class Pointwise(
        ITargetVerifier verifier,
        AnswerStore? store,
        Func<ChatUsage> usage,
        Func<ComposedQuery, IReadOnlyList<ImageData>, ChatEstimate> estimate,
        Func<(int Bounded, double LeastMass)>? probabilities) : ChosenVerifier
    {
        private readonly StoredTargetVerifier? _stored = store is null ? null : new StoredTargetVerifier(verifier, store);

        public override string Id => verifier.VerifierId;

        public override ChatUsage Usage => usage();

        public override int Asked => _stored?.Asked ?? 0;

        public override int Reused => _stored?.Reused ?? 0;

        public override (int Bounded, double LeastMass)? Probabilities => probabilities?.Invoke();

        public override async Task<IReadOnlyList<RerankedCandidate>> OrderAsync(
            Func<ComposedQuery> query, IReadOnlyList<Func<ImageData>> candidates, CancellationToken cancellationToken)
        {
            double?[] fits = await Task.WhenAll(candidates.Select(candidate => JudgeAsync(query, candidate, cancellationToken)));
            // Among equals the order of retrieval stays.
            return [.. Enumerable.Range(0, fits.Length)
                .OrderByDescending(position => fits[position] ?? 0)
                .Select(position => new RerankedCandidate(position, fits[position], fits[position] is not null))];
        }

        public override ChatEstimate? Estimate(ComposedQuery query, IReadOnlyList<ImageData> candidates, HashSet<string> seen)
        {
            ImageData[] unknown = [.. candidates.Where(image => seen.Add(QueryHash.Compute(query, image)) && _stored?.IsKnown(query, image) != true)];
            return unknown.Length == 0 ? null : estimate(query, unknown);
        }

        private async Task<double?> JudgeAsync(Func<ComposedQuery> query, Func<ImageData> candidate, CancellationToken cancellationToken)
        {
            bool hasFailedBefore = false;
            try
            {
                ComposedQuery composed = query();
                ImageData image = candidate();
                hasFailedBefore = _stored!.HasFailed(composed, image);
                return await _stored.VerifyAsync(composed, image, cancellationToken);
            }
            catch (ZeroShotCirException e) when (CountIfItsOwn(e, hasFailedBefore))
            {
                return null;
            }
        }
    }

    /// <summary>Asks about all pictures of a query at once; where no answer can be used, the ranking stays as it is.</summary>
    private sealed class Listwise(
        ITargetReranker reranker, AnswerStore? store, Func<ChatUsage> usage, Func<ComposedQuery, IReadOnlyList<ImageData>, ChatEstimate> estimate) : ChosenVerifier
    {
        private readonly StoredTargetReranker? _stored = store is null ? null : new StoredTargetReranker(reranker, store);
        private int _incomplete;

        public override string Id => reranker.RerankerId;

        public override ChatUsage Usage => usage();

        public override int Asked => _stored?.Asked ?? 0;

        public override int Reused => _stored?.Reused ?? 0;

        public override int? Incomplete => _incomplete;

        public override async Task<IReadOnlyList<RerankedCandidate>> OrderAsync(
            Func<ComposedQuery> query, IReadOnlyList<Func<ImageData>> candidates, CancellationToken cancellationToken)
        {
            bool hasFailedBefore = false;
            try
            {
                ComposedQuery composed = query();
                ImageData[] images = [.. candidates.Select(candidate => candidate())];
                hasFailedBefore = _stored!.HasFailed(composed, images);
                IReadOnlyList<RerankedCandidate> order = await _stored.RerankAsync(composed, images, cancellationToken);
                _incomplete += order.Any(candidate => !candidate.IsJudged) ? 1 : 0;
                return order;
            }
            catch (ZeroShotCirException e) when (CountIfItsOwn(e, hasFailedBefore))
            {
                return [.. Enumerable.Range(0, candidates.Count).Select(position => new RerankedCandidate(position, isJudged: false))];
            }
        }

        public override ChatEstimate? Estimate(ComposedQuery query, IReadOnlyList<ImageData> candidates, HashSet<string> seen)
            => candidates.Count > 1 && seen.Add(QueryHash.Compute(query, candidates)) && _stored?.IsKnown(query, candidates) != true ? estimate(query, candidates) : null;
    }
}
