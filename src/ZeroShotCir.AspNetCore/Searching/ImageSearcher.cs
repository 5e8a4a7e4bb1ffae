using System.Diagnostics;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>Answers what a page asks of a gallery or a store of one. Serves concurrent callers.</summary>
internal sealed class ImageSearcher(RetrieverMonitor monitor, QueryReading queries, ImageSearchOptions options, ITargetDescriber? describer)
{
    private readonly SessionReading _sessions = new(queries);
    private readonly Lock _gate = new();
    private (OpenedRetriever Opened, GalleryView View)? _view;

    public GalleryDescription Describe()
    {
        OpenedRetriever opened = monitor.Opened;
        GalleryView view = ViewOf(opened);
        return new GalleryDescription
        {
            Title = options.Title,
            Images = view.Images,
            Captions = view.Captions,
            Updated = opened.Time,
            Folders = view.Folders,
            From = view.From,
            To = view.To,
            ReadsPictures = monitor.Encoders.ImageEncoder is not null,
            ReadsTexts = monitor.Encoders.TextEncoder is not null,
            Histories = SessionHistory.Names,
            Defaults = new SearchDefaults
            {
                Strategy = opened.Defaults.Strategy.Name,
                Alpha = opened.Defaults.Strategy.Alpha,
                Beta = opened.Defaults.Beta,
                Count = Math.Min(options.Count, options.MaxCount),
            },
            Limits = new SearchLimits
            {
                UploadBytes = options.MaxUploadBytes,
                Pixels = options.MaxPixels,
                References = options.MaxReferences,
                TextLength = options.MaxTextLength,
                Count = options.MaxCount,
            },
        };
    }

    public IReadOnlyList<StrategyDescription> Strategies() => StrategyList.ForGallery(ViewOf(monitor.Opened), describer is not null, monitor.Encoders.ComposedEncoder is not null);

    /// <exception cref="RequestProblem">There is no such item.</exception>
    public async Task<ItemDescription> DescribeItemAsync(string? id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id))
        {
            throw RequestProblem.BadRequest("The address needs the id of an image: ?id=…");
        }

        GalleryView view = ViewOf(monitor.Opened);
        return Describe(view, await view.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw RequestProblem.NotFound("The gallery has no image of this id."));
    }

    public async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        OpenedRetriever opened = monitor.Opened;
        GalleryView view = ViewOf(opened);
        ComposedQuery query = view.Limit(queries.Read(request, opened.Defaults), request.Folder, request.From, request.To);
        ComposedQuery searched = await _sessions.ComposeAsync(request, query, opened, view, cancellationToken).ConfigureAwait(false);
        int count = queries.CountOf(request);
        HashSet<string> left = request.IncludeReferences
            ? []
            : [.. request.References.Select(reference => reference.Picture ?? view.ContentOf(reference.Item!)).OfType<string>()];
        GallerySearchStatistics statistics = new();

        // Copies of the references are no answers either: each takes at most one place of the list.
        IReadOnlyList<FoldedHit<RetrievalResult>> found = request.Fold
            ? await DuplicateFolding.SearchAsync(count + left.Count, SearchAsync, result => view.ContentOf(result.Id), cancellationToken).ConfigureAwait(false)
            : [.. (await SearchAsync(count).ConfigureAwait(false)).Select(result => new FoldedHit<RetrievalResult>(result, []))];
        HitDescription[] hits = [.. found
            .Where(hit => view.Allows(hit.Hit.Item, request.From, request.To) && (!request.Fold || !left.Contains(view.ContentOf(hit.Hit.Id) ?? "")))
            .Take(count)
            .Select((hit, place) => new HitDescription
            {
                Rank = place + 1,
                Score = hit.Hit.Score,
                Item = Describe(view, hit.Hit.Item),
                Copies = [.. hit.Copies.Select(copy => copy.Id)],
            })];
        return new SearchResponse
        {
            Hits = hits,
            Strategy = query.Strategy!.ToString(),
            History = request.Turns.Count == 0 ? null : QueryReading.ReadHistory(request).Name,
            Alpha = query.Strategy.Alpha,
            Beta = query.Beta!.Value,
            Searched = view.CountOf(query),
            Approximate = statistics.IsApproximate,
            Depth = statistics.Depth,
            Missing = statistics.Missing,
            Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        };

        // More than is asked for, so that a copy among the first does not cost a second search.
        async ValueTask<IReadOnlyList<RetrievalResult>> SearchAsync(int k)
        {
            try
            {
                RetrievalRanking ranking = await opened.Retriever.SearchAsync(searched, request.Fold ? 2 * k : k, cancellationToken).ConfigureAwait(false);
                statistics = ranking.Statistics;
                return ranking;
            }
            catch (NotSupportedException) when (searched.Filter is not null)
            {
                throw RequestProblem.Unsearchable("The store that is searched cannot filter like this. Leave the folder and the days out.");
            }
        }
    }

    private static ItemDescription Describe(GalleryView view, GalleryItem item)
    {
        string id = Uri.EscapeDataString(item.Id);
        return new ItemDescription
        {
            Id = item.Id,
            Folder = ItemFolder.FromId(item.Id),
            Date = view.DayOf(item),
            Captions = item.Captions,
            Picture = $"api/items/picture?id={id}",
            Thumbnail = $"api/items/thumbnail?id={id}",
        };
    }

    private GalleryView ViewOf(OpenedRetriever opened)
    {
        lock (_gate)
        {
            if (_view is { } known && ReferenceEquals(known.Opened, opened))
            {
                return known.View;
            }

            LocalView? local = opened.Gallery is { } gallery ? new LocalView(gallery) : null;
            GalleryView view = opened.Store is { } store ? new StoreView(store, opened.Description!, local) : local!;
            _view = (opened, view);
            return view;
        }
    }
}
