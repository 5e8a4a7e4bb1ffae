using ZeroShotCir.Composition;
using ZeroShotCir.Errors;
using ZeroShotCir.Galleries;
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

    /// <summary>Puts the first hits in the order of the re-ranker, and cuts to what was asked for. A hit whose picture cannot be shown keeps its place, and is named.</summary>
    public async ValueTask<RetrievalRanking> RerankAsync(
        ComposedQuery query, RetrievalResult[] found, int count, ReferenceItems references, GallerySearchStatistics statistics, CancellationToken cancellationToken)
    {
        int depth = Math.Min(DepthOf(query), found.Length);
        List<int> places = [];
        List<ImageData> candidates = [];
        List<string> unseen = [];
        for (int place = 0; place < depth; place++)
        {
            string id = found[place].Id;
            try
            {
                if (await _images!.GetImageAsync(id, cancellationToken).ConfigureAwait(false) is { } image)
                {
                    places.Add(place);
                    candidates.Add(image);
                }
                else
                {
                    unseen.Add($"There is no picture of '{id}' to look at; it keeps the place that retrieval gave it.");
                }
            }
            catch (ZeroShotCirException e) when (e is InvalidImageException or UnknownItemException)
            {
                unseen.Add($"The picture of '{id}' cannot be looked at; it keeps the place that retrieval gave it. {e.Message}");
            }
        }

        RetrievalResult[] reranked = [.. found];
        if (candidates.Count > 0)
        {
            ComposedQuery shown = await ShowAsync(query, references, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<RerankedCandidate> order = await _reranker!.RerankAsync(shown, candidates, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < order.Count; i++)
            {
                RetrievalResult moved = found[places[order[i].Position]];
                reranked[places[i]] = new RetrievalResult(places[i] + 1, moved.Score, moved.Item, order[i].Fit);
            }
        }

        return new RetrievalRanking(reranked[..Math.Min(count, reranked.Length)], unseen.Count == 0 ? statistics : statistics.WithMissing(unseen));
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
