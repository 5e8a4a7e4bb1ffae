namespace ZeroShotCir.Retrieval;

/// <summary>How many captions of each of some items count, and which of the items have so many.</summary>
internal sealed class CaptionedItems
{
    // None where one caption, or the text in its place, counts of every item.
    private readonly int[]? _counts;
    private readonly int[]?[] _places;
    private readonly ComparedItems?[] _items;

    /// <param name="space">The space with the captions.</param>
    /// <param name="items">The items.</param>
    /// <param name="most">How many captions of an item count at most.</param>
    public CaptionedItems(SearchedSpace space, ComparedItems items, int most)
    {
        All = items;
        _places = new int[most + 1][];
        _items = new ComparedItems[most + 1];
        if (most > 1 || space.HasImageOnlyItems)
        {
            _counts = new int[items.Count];
            for (int place = 0; place < _counts.Length; place++)
            {
                _counts[place] = space.CaptionsOf(items.OrdinalAt(place), most);
            }
        }
    }

    /// <summary>The items, captioned or not.</summary>
    public ComparedItems All { get; }

    /// <summary>How many captions of each item count; empty where it is one of each.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>The items of which so many captions count.</summary>
    /// <param name="captions">How many, at least 1.</param>
    /// <param name="places">Their places among all; empty where it is all of them.</param>
    public ComparedItems WithAtLeast(int captions, out ReadOnlySpan<int> places)
    {
        if (_counts is null)
        {
            places = default;
            return All;
        }

        int[] own = _places[captions] ??= PlacesWithAtLeast(captions, _counts);
        places = own;
        return _items[captions] ??= All.At(own);
    }

    private static int[] PlacesWithAtLeast(int captions, int[] counts)
    {
        List<int> places = [];
        for (int place = 0; place < counts.Length; place++)
        {
            if (counts[place] >= captions)
            {
                places.Add(place);
            }
        }

        return [.. places];
    }
}
