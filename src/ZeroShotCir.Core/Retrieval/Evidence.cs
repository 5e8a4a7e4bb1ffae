using ZeroShotCir.Composition;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>Asks describer and re-ranker what embeddings do not say. Thread-safe as far as they are.</summary>
internal sealed class Evidence
{
    private readonly RetrievalOptions _options;
    private readonly ITargetDescriber? _describer;
    private readonly ITargetReranker? _reranker;
    private readonly IImageSource? _images;

    public Evidence(RetrievalOptions options, ITargetDescriber? describer, ITargetReranker? reranker, IImageSource? images)
    {
        if (options.RerankDepth > 0 && (reranker is null || images is null))
        {
            throw new ArgumentException(
                $"RerankDepth is {options.RerankDepth}, but there is no {(reranker is null ? "re-ranker" : "source of pictures")}. "
                + "Give an ITargetReranker, or an ITargetVerifier, and an IImageSource, or set RerankDepth to 0.", nameof(options));
        }

        _options = options;
        _describer = describer;
        _reranker = reranker;
        _images = images;
    }

    /// <summary>How many hits a re-ranker wants to see.</summary>
    public int DepthOf(ComposedQuery query) => string.IsNullOrWhiteSpace(query.Text) ? 0 : _options.RerankDepth;

    /// <summary>Has the targets described of those queries whose strategy reads descriptions and that have none.</summary>
    public async ValueTask<ComposedQuery[]> CompleteAsync(IReadOnlyList<ComposedQuery> queries, ReferenceItems references, CancellationToken cancellationToken)
    {
        if (_describer is null)
        {
            return [.. queries];
        }

        return await Task.WhenAll(queries.Select(async query =>
        {
            ArgumentNullException.ThrowIfNull(query);
            if (!QueryEncoding.StrategyOf(query, _options).Requires(TermRole.TargetDescription)
                || query.TargetDescriptions.Count > 0 || query.Terms.Any(term => term.Role == TermRole.TargetDescription))
            {
                return query;
            }

            ComposedQuery shown = await ShowAsync(query, references, cancellationToken).ConfigureAwait(false);
            return query with { TargetDescriptions = await _describer.DescribeAsync(shown, _options.DescriptionCount, cancellationToken).ConfigureAwait(false) };
        })).ConfigureAwait(false);
    }

    /// <summary>Puts the first hits in the order of the re-ranker, and cuts to what was asked for.</summary>
    public async ValueTask<IReadOnlyList<RetrievalResult>> RerankAsync(
        ComposedQuery query, RetrievalResult[] found, int count, ReferenceItems references, CancellationToken cancellationToken)
    {
        int depth = Math.Min(DepthOf(query), found.Length);
        if (depth == 0)
        {
            return found.Length <= count ? found : found[..count];
        }

        List<ImageData> candidates = [];
        foreach (RetrievalResult result in found.Take(depth))
        {
            candidates.Add(await _images!.GetImageAsync(result.Id, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidQueryException(
                    $"There is no picture of '{result.Id}' for the re-ranker to look at. Complete the source of pictures, or set RerankDepth to 0."));
        }

        ComposedQuery shown = await ShowAsync(query, references, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<RerankedCandidate> order = await _reranker!.RerankAsync(shown, candidates, cancellationToken).ConfigureAwait(false);
        RetrievalResult[] reranked =
        [
            .. order.Select((candidate, place) => new RetrievalResult(place + 1, found[candidate.Position].Score, found[candidate.Position].Item, candidate.Fit)),
            .. found.Skip(depth),
        ];
        return reranked[..Math.Min(count, reranked.Length)];
    }

    // A model sees pictures and words, not ids.
    private async ValueTask<ComposedQuery> ShowAsync(ComposedQuery query, ReferenceItems references, CancellationToken cancellationToken)
    {
        if (query.ReferenceId is not { } id)
        {
            return query;
        }

        ImageData? image = _images is null ? null : await _images.GetImageAsync(id, cancellationToken).ConfigureAwait(false);
        return query with
        {
            ReferenceId = null,
            Image = image,
            ReferenceCaptions = query.ReferenceCaptions ?? references.TextsOf(id),
        };
    }
}
