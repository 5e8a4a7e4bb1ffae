using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>The items that the queries of a batch may find; queries that say the same share one object.</summary>
internal sealed class Selections(Gallery gallery)
{
    private readonly Dictionary<(GallerySelection? Selection, GalleryFilter Filter), GallerySelection> _filtered = [];

    public GallerySelection? Of(GallerySearchRequest query)
    {
        if (query.Filter is not { } filter)
        {
            return query.Selection;
        }

        if (!_filtered.TryGetValue((query.Selection, filter), out GallerySelection? selection))
        {
            selection = query.Selection is { } given
                ? gallery.Select(ordinal => given.Contains(ordinal) && filter.Matches(gallery.ItemAt(ordinal)))
                : gallery.Select(filter);
            _filtered.Add((query.Selection, filter), selection);
        }

        return selection;
    }
}
