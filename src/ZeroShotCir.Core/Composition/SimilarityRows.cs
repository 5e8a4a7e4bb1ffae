using ZeroShotCir.Similarity;

namespace ZeroShotCir.Composition;

/// <summary>The similarities of one query's vectors to the gallery items that are searched: one row for each vector that a strategy reads.</summary>
public readonly ref struct SimilarityRows
{
    private readonly ReadOnlySpan<float> _products;
    private readonly ReadOnlySpan<int> _offsets;
    private readonly ReadOnlySpan<SimilarityMoments> _moments;
    private readonly bool _isPart;

    /// <summary>Looks at rows that stand one after the other or anywhere in one memory.</summary>
    /// <param name="products">The memory.</param>
    /// <param name="offsets">Where each vector's row begins; negative for a vector that the query does not have.</param>
    /// <param name="length">The number of items.</param>
    public SimilarityRows(ReadOnlySpan<float> products, ReadOnlySpan<int> offsets, int length)
    {
        _products = products;
        _offsets = offsets;
        Length = length;
    }

    /// <summary>Looks at the rows of some of the items that are searched.</summary>
    /// <param name="products">The memory.</param>
    /// <param name="offsets">Where each vector's row begins; negative for a vector that the query does not have.</param>
    /// <param name="length">The number of items that are here.</param>
    /// <param name="moments">For each vector mean and spread of its similarities to all items; empty where nobody measured them.</param>
    public SimilarityRows(ReadOnlySpan<float> products, ReadOnlySpan<int> offsets, int length, ReadOnlySpan<SimilarityMoments> moments)
        : this(products, offsets, length)
    {
        _moments = moments;
        _isPart = true;
    }

    /// <summary>The number of items.</summary>
    public int Length { get; }

    /// <summary>What the strategy gave with each vector when it derived it (<see cref="ComposedVectors.Shift"/>); empty where it gave nothing.</summary>
    public ReadOnlySpan<float> Shifts { get; init; }

    /// <summary>The similarities of one vector, unit vectors on both sides; empty where the query does not have the vector.</summary>
    /// <param name="vector">The position of the vector among those that the strategy reads.</param>
    public ReadOnlySpan<float> this[int vector] => _offsets[vector] < 0 ? default : _products.Slice(_offsets[vector], Length);

    /// <summary>Mean and spread of one vector's similarities to all items that are searched, those that are not here included.</summary>
    /// <param name="vector">The position of the vector among those that the strategy reads.</param>
    /// <returns>The moments.</returns>
    /// <exception cref="InvalidTermsException">Only some of the items are here, and nobody measured the others.</exception>
    public SimilarityMoments MomentsOf(int vector)
    {
        if (!_isPart)
        {
            return SimilarityMoments.FromSimilarities(this[vector]);
        }

        return vector < _moments.Length
            ? _moments[vector]
            : throw new InvalidTermsException(
                "The strategy compares a similarity with those of all items, and only some items are here. "
                + "Give the mean and covariance of all rows (a store has them when its gallery was pushed with its moments), or choose another strategy.");
    }

    /// <summary>The items that are most similar to a vector, of all that are searched.</summary>
    /// <param name="vector">The position of the vector among those that the strategy reads.</param>
    /// <param name="count">How many; fewer where there are fewer.</param>
    /// <returns>Their positions, best first, ties to the smaller one.</returns>
    /// <exception cref="InvalidTermsException">Only some of the items are here.</exception>
    public int[] LeadingOf(int vector, int count) => _isPart
        ? throw new InvalidTermsException("The strategy ranks all items by a similarity, and only some items are here. Give all of them, or choose another strategy.")
        : Array.ConvertAll(BestHits.Select(this[vector], count), hit => hit.Ordinal);

    /// <summary>What is still to be added to the similarities of a vector.</summary>
    /// <param name="vector">The position of the vector.</param>
    public float ShiftOf(int vector) => Shifts.IsEmpty ? 0 : Shifts[vector];
}
