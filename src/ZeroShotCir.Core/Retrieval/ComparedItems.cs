using System.Numerics;

namespace ZeroShotCir.Retrieval;

/// <summary>The items that a query is compared with, ascending by ordinal: all of a gallery, or some.</summary>
internal sealed class ComparedItems
{
    // None where all items take part: then a row of similarities is read as it stands.
    private readonly int[]? _ordinals;

    private ComparedItems(int count, int[]? ordinals)
    {
        Count = count;
        _ordinals = ordinals;
    }

    /// <summary>The number of items.</summary>
    public int Count { get; }

    /// <summary>Whether all items take part: the place of one is its ordinal.</summary>
    public bool AreAll => _ordinals is null;

    /// <summary>The ordinal of each; empty where it is the place itself.</summary>
    public ReadOnlySpan<int> Ordinals => _ordinals;

    /// <summary>The items of a scope.</summary>
    /// <param name="allowed">A bit for each ordinal; empty for all.</param>
    /// <param name="ordinals">The number of ordinals.</param>
    public static ComparedItems InScope(ReadOnlySpan<ulong> allowed, int ordinals)
    {
        if (allowed.IsEmpty)
        {
            return new ComparedItems(ordinals, null);
        }

        List<int> some = [];
        for (int word = 0; word < allowed.Length; word++)
        {
            for (ulong bits = allowed[word]; bits != 0; bits &= bits - 1)
            {
                int ordinal = (word * 64) + BitOperations.TrailingZeroCount(bits);
                if (ordinal < ordinals)
                {
                    some.Add(ordinal);
                }
            }
        }

        return new ComparedItems(some.Count, [.. some]);
    }

    /// <summary>The ordinal of the item at a place.</summary>
    public int OrdinalAt(int place) => _ordinals is null ? place : _ordinals[place];

    /// <summary>Some of the items.</summary>
    /// <param name="places">Their places among these, ascending.</param>
    public ComparedItems At(int[] places) => new(places.Length, Array.ConvertAll(places, OrdinalAt));

    /// <summary>Takes what belongs to the items out of a row that has a number for each ordinal.</summary>
    /// <param name="row">The row.</param>
    /// <param name="own">Receives a number for each item.</param>
    public void Gather(ReadOnlySpan<float> row, Span<float> own)
    {
        for (int place = 0; place < Count; place++)
        {
            own[place] = row[OrdinalAt(place)];
        }
    }
}
