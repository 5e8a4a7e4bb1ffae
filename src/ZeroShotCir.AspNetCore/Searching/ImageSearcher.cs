using System.Diagnostics;
using ZeroShotCir.AspNetCore.Configuration;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.AspNetCore.Limits;
using ZeroShotCir.AspNetCore.Pictures;
using ZeroShotCir.Extensions.Hosting.Serving;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>Answers what a page asks of a gallery. Serves concurrent callers.</summary>
internal sealed class ImageSearcher(RetrieverMonitor monitor, PictureUploads uploads, ImageSearchOptions options, ITargetDescriber? describer)
{
    private readonly QueryReading _queries = new(options, monitor.Defaults, uploads);
    private readonly Lock _gate = new();
    private GalleryView? _view;

    public GalleryDescription Describe()
    {
        GalleryView view = View(monitor.Current.Gallery!);
        return new GalleryDescription
        {
            Title = options.Title,
            Images = view.Gallery.Count,
            Captions = view.Gallery.CaptionCount,
            Updated = monitor.Updated,
            Folders = view.Folders,
            From = view.From,
            To = view.To,
            ReadsPictures = monitor.Encoders.ImageEncoder is not null,
            ReadsTexts = monitor.Encoders.TextEncoder is not null,
            Defaults = new SearchDefaults
            {
                Strategy = monitor.Defaults.Strategy.Name,
                Alpha = monitor.Defaults.Strategy.Alpha,
                Beta = monitor.Defaults.CaptionWeight,
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

    public IReadOnlyList<StrategyDescription> Strategies() => StrategyList.Of(monitor.Current.Gallery!, describer is not null, monitor.Encoders.ComposedEncoder is not null);

    /// <exception cref="RequestProblem">The gallery has no such item.</exception>
    public ItemDescription DescribeItem(string? id)
    {
        GalleryView view = View(monitor.Current.Gallery!);
        return string.IsNullOrEmpty(id) ? throw RequestProblem.BadRequest("The address needs the id of an image: ?id=…")
            : view.Gallery.TryGetOrdinal(id, out int ordinal) ? Item(view, view.Gallery.ItemAt(ordinal))
            : throw RequestProblem.NotFound("The gallery has no image of this id.");
    }

    public async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        ComposedImageRetriever retriever = monitor.Current;
        Gallery gallery = retriever.Gallery!;
        GalleryView view = View(gallery);
        ComposedQuery query = _queries.Read(request, view);
        int count = _queries.CountOf(request);
        HashSet<string> left = request.IncludeReferences
            ? []
            : [.. request.References.Select(reference => reference.Picture ?? ContentOf(gallery, reference.Item!)).OfType<string>()];

        // Copies of the references are no answers either: each takes at most one place of the list.
        IReadOnlyList<FoldedHit<RetrievalResult>> found = request.Fold
            ? await DuplicateFolding.SearchAsync(gallery, count + left.Count, SearchAsync, result => result.Item.Ordinal, cancellationToken).ConfigureAwait(false)
            : [.. (await SearchAsync(count).ConfigureAwait(false)).Select(result => new FoldedHit<RetrievalResult>(result, []))];
        SearchHit[] hits = [.. found
            .Where(hit => !request.Fold || !left.Contains(gallery.ContentOf(hit.Hit.Item.Ordinal) ?? ""))
            .Take(count)
            .Select((hit, place) => new SearchHit
            {
                Rank = place + 1,
                Score = hit.Hit.Score,
                Item = Item(view, hit.Hit.Item),
                Copies = [.. hit.Copies.Select(copy => copy.Id)],
            })];
        return new SearchResponse
        {
            Hits = hits,
            Strategy = query.Strategy!.ToString(),
            Alpha = query.Strategy.Alpha,
            Beta = query.CaptionWeight!.Value,
            Searched = query.Selection?.Count ?? gallery.Count,
            Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        };

        // More than is asked for, so that a copy among the first does not cost a second search.
        async ValueTask<IReadOnlyList<RetrievalResult>> SearchAsync(int k)
            => await retriever.SearchAsync(query, request.Fold ? 2 * k : k, cancellationToken).ConfigureAwait(false);
    }

    private static string? ContentOf(Gallery gallery, string id) => gallery.ContentOf(gallery.OrdinalOf(id));

    private static ItemDescription Item(GalleryView view, GalleryItem item)
    {
        string id = Uri.EscapeDataString(item.Id);
        return new ItemDescription
        {
            Id = item.Id,
            Folder = GalleryView.FolderOf(item.Id),
            Date = view.DayOf(item.Ordinal),
            Captions = item.Captions,
            Picture = $"api/items/picture?id={id}",
            Thumbnail = $"api/items/thumbnail?id={id}",
        };
    }

    private GalleryView View(Gallery gallery)
    {
        lock (_gate)
        {
            return ReferenceEquals(_view?.Gallery, gallery) ? _view! : _view = new GalleryView(gallery);
        }
    }
}
