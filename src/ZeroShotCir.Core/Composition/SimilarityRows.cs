namespace ZeroShotCir.Composition;

/// <summary>The similarities of one query's vectors to the gallery items that are searched: one row for each vector that a strategy reads.</summary>
public readonly ref struct SimilarityRows
{
    private readonly ReadOnlySpan<float> _products;
    private readonly ReadOnlySpan<int> _offsets;

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

    /// <summary>The number of items.</summary>
    public int Length { get; }

    /// <summary>The similarities of one vector, unit vectors on both sides; empty where the query does not have the vector.</summary>
    /// <param name="vector">The position of the vector among those that the strategy reads.</param>
    public ReadOnlySpan<float> this[int vector] => _offsets[vector] < 0 ? default : _products.Slice(_offsets[vector], Length);
}
