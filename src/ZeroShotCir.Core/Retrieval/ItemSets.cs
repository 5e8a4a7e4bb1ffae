using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>Which items the queries of a batch are compared with: found out once for all queries that say the same.</summary>
/// <remarks>Serves one thread; queries may be of any batch of one gallery.</remarks>
internal sealed class ItemSets(int ordinals)
{
    private readonly Dictionary<GallerySelection, ComparedItems> _selected = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(SearchedSpace Space, ComparedItems Items, int Most), CaptionedItems> _captioned = [];
    private ComparedItems? _all;

    /// <summary>The items that a query is compared with.</summary>
    public ComparedItems Of(LocalQuery query)
    {
        if (query.Selection is not { } selection)
        {
            return _all ??= query.ItemsIn(ordinals);
        }

        if (!_selected.TryGetValue(selection, out ComparedItems? items))
        {
            items = query.ItemsIn(ordinals);
            _selected.Add(selection, items);
        }

        return items;
    }

    /// <summary>Which of them have captions that the query is compared with.</summary>
    public CaptionedItems CaptionedOf(LocalQuery query)
    {
        (SearchedSpace Space, ComparedItems Items, int Most) key = (query.Space, Of(query), Math.Max(1, query.Vectors.Paths.Count - 1));
        if (!_captioned.TryGetValue(key, out CaptionedItems? captioned))
        {
            captioned = new CaptionedItems(key.Space, key.Items, key.Most);
            _captioned.Add(key, captioned);
        }

        return captioned;
    }
}
