using Microsoft.Extensions.AI;
using ZeroShotCir.Answers;
using ZeroShotCir.Errors;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Extensions.AI.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Grids;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tool.Options;

namespace ZeroShotCir.Tool.Runs;

/// <summary>A chat model that looks at the first images of rankings, one by one or all at once, before it a store of what it said.</summary>
internal abstract class ChosenVerifier
{
    private int _refused;

    /// <summary>Identifies the model and how it is asked.</summary>
    public abstract string Id { get; }

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

    /// <summary>Puts the first images of a ranking into an order; what gets no answer stays as retrieval had it.</summary>
    /// <returns>For each new place the position that its image had, from 0.</returns>
    public abstract Task<IReadOnlyList<int>> OrderAsync(QueryComposition composition, EvaluationQuery query, IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>What that would cost where the store does not know it yet; <see langword="null"/> where it knows everything.</summary>
    /// <param name="composition">The queries.</param>
    /// <param name="query">The query.</param>
    /// <param name="names">The first images of its ranking.</param>
    /// <param name="seen">What was counted already, since nothing is asked twice; added to.</param>
    public abstract ChatEstimate? Estimate(QueryComposition composition, EvaluationQuery query, IReadOnlyList<string> names, HashSet<string> seen);

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

        public override async Task<IReadOnlyList<int>> OrderAsync(
            QueryComposition composition, EvaluationQuery query, IReadOnlyList<string> names, CancellationToken cancellationToken)
        {
            double[] fits = await Task.WhenAll(names.Select(name => JudgeAsync(composition, query, name, cancellationToken)));
            // Among equals the order of retrieval stays.
            return [.. Enumerable.Range(0, fits.Length).OrderByDescending(position => fits[position])];
        }

        public override ChatEstimate? Estimate(QueryComposition composition, EvaluationQuery query, IReadOnlyList<string> names, HashSet<string> seen)
        {
            ComposedQuery composed = composition.Compose(query);
            ImageData[] unknown = [.. names.Select(composition.ImageOf).Where(image => seen.Add(QueryHash.Compute(composed, image)) && _stored?.IsKnown(composed, image) != true)];
            return unknown.Length == 0 ? null : estimate(composed, unknown);
        }

        private async Task<double> JudgeAsync(QueryComposition composition, EvaluationQuery query, string candidate, CancellationToken cancellationToken)
        {
            bool hasFailedBefore = false;
            try
            {
                ComposedQuery composed = composition.Compose(query);
                ImageData image = composition.ImageOf(candidate);
                hasFailedBefore = _stored!.HasFailed(composed, image);
                return await _stored.VerifyAsync(composed, image, cancellationToken);
            }
            catch (ZeroShotCirException e) when (CountIfItsOwn(e, hasFailedBefore))
            {
                return 0;
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

        public override async Task<IReadOnlyList<int>> OrderAsync(
            QueryComposition composition, EvaluationQuery query, IReadOnlyList<string> names, CancellationToken cancellationToken)
        {
            bool hasFailedBefore = false;
            try
            {
                ComposedQuery composed = composition.Compose(query);
                ImageData[] images = [.. names.Select(composition.ImageOf)];
                hasFailedBefore = _stored!.HasFailed(composed, images);
                IReadOnlyList<RerankedCandidate> order = await _stored.RerankAsync(composed, images, cancellationToken);
                _incomplete += order.Any(candidate => !candidate.IsJudged) ? 1 : 0;
                return [.. order.Select(candidate => candidate.Position)];
            }
            catch (ZeroShotCirException e) when (CountIfItsOwn(e, hasFailedBefore))
            {
                return [.. Enumerable.Range(0, names.Count)];
            }
        }

        public override ChatEstimate? Estimate(QueryComposition composition, EvaluationQuery query, IReadOnlyList<string> names, HashSet<string> seen)
        {
            ComposedQuery composed = composition.Compose(query);
            ImageData[] images = [.. names.Select(composition.ImageOf)];
            return images.Length > 1 && seen.Add(QueryHash.Compute(composed, images)) && _stored?.IsKnown(composed, images) != true ? estimate(composed, images) : null;
        }
    }
}
