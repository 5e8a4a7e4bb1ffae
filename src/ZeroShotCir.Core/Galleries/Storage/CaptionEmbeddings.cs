using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The embeddings of every item's captions; the number of captions may differ from item to item and be 0.</summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public sealed class CaptionEmbeddings
{
    // Empty where no item has a caption: a long list of zeros for every segment would be the most that opening a gallery allocates.
    private readonly ReadOnlyMemory<int> _offsets;

    private CaptionEmbeddings(EmbeddingMatrix rows, ReadOnlyMemory<int> offsets, int items)
    {
        Rows = rows;
        _offsets = offsets;
        Items = items;
    }

    /// <summary>All caption embeddings: the captions of item 0, then those of item 1, and so on.</summary>
    public EmbeddingMatrix Rows { get; }

    /// <summary>The number of items.</summary>
    public int Items { get; }

    /// <summary>The embeddings of an item's captions, one after the other: <c>J_n × Dimensions</c> numbers.</summary>
    /// <param name="item">From 0 to <see cref="Items"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="item"/> is not an item.</exception>
    public ReadOnlySpan<float> this[int item]
    {
        get
        {
            (int start, int end) = Range(item);
            return Rows.Values[(start * Rows.Dimensions)..(end * Rows.Dimensions)];
        }
    }

    /// <summary>Splits caption embeddings by how many each item has.</summary>
    /// <param name="rows">All caption embeddings, in the order of the items.</param>
    /// <param name="counts">The number of captions of each item; 0 or more.</param>
    /// <returns>The caption embeddings.</returns>
    /// <exception cref="ArgumentException">The counts do not add up to the rows, or one is negative.</exception>
    public static CaptionEmbeddings FromCounts(EmbeddingMatrix rows, IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(counts);
        int[] offsets = new int[counts.Count + 1];
        for (int i = 0; i < counts.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(counts[i], nameof(counts));
            offsets[i + 1] = checked(offsets[i] + counts[i]);
        }

        if (offsets[^1] != rows.Rows)
        {
            throw new ArgumentException($"The items have {offsets[^1]} captions together, but {rows.Rows} embeddings were given.", nameof(counts));
        }

        return new CaptionEmbeddings(rows, offsets, counts.Count);
    }

    /// <summary>Gathers caption embeddings that are kept per position: all first captions, all second captions, and so on.</summary>
    /// <param name="positions">At least one matrix; row = item. All of equal size.</param>
    /// <returns>The caption embeddings: as many captions for each item as there are matrices.</returns>
    /// <exception cref="ArgumentException">There is no matrix, or they differ in rows.</exception>
    /// <exception cref="InvalidEmbeddingException">They differ in dimension.</exception>
    public static CaptionEmbeddings FromPositions(IReadOnlyList<EmbeddingMatrix> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (positions.Count == 0)
        {
            throw new ArgumentException("No caption embeddings were given; at least one matrix is needed to know the dimension.", nameof(positions));
        }

        (int items, int dimensions) = (positions[0].Rows, positions[0].Dimensions);
        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(items * positions.Count, dimensions, out Memory<float> values);
        for (int j = 0; j < positions.Count; j++)
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(positions[j].Dimensions, dimensions, $"Caption matrix {j}");
            if (positions[j].Rows != items)
            {
                throw new ArgumentException($"Caption matrix {j} has {positions[j].Rows} rows, matrix 0 has {items}; every item needs a row in each.", nameof(positions));
            }

            for (int item = 0; item < items; item++)
            {
                positions[j][item].CopyTo(values.Span[(((item * positions.Count) + j) * dimensions)..]);
            }
        }

        return FromCounts(rows, [.. Enumerable.Repeat(positions.Count, items)]);
    }

    /// <summary>How many captions an item has.</summary>
    /// <param name="item">From 0 to <see cref="Items"/> - 1.</param>
    /// <returns>The number of captions, the <c>J_n</c> of the formulas.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="item"/> is not an item.</exception>
    public int CountOf(int item)
    {
        (int start, int end) = Range(item);
        return end - start;
    }

    /// <summary>No captions for any item.</summary>
    internal static CaptionEmbeddings None(int items, int dimensions)
        => new(EmbeddingMatrix.Allocate(0, dimensions, out _), default, items);

    /// <summary>Looks at offsets that live in a mapped file; they are checked when they are used, so that opening does not read them.</summary>
    internal static CaptionEmbeddings Wrap(EmbeddingMatrix rows, ReadOnlyMemory<int> offsets) => new(rows, offsets, offsets.Length - 1);

    /// <summary>The same captions with other embeddings.</summary>
    internal CaptionEmbeddings WithRows(EmbeddingMatrix rows) => new(rows, _offsets, Items);

    /// <summary>The rows of an item's captions.</summary>
    internal (int Start, int End) Range(int item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(item, Items);
        if (_offsets.IsEmpty)
        {
            return (0, 0);
        }

        (int start, int end) = (_offsets.Span[item], _offsets.Span[item + 1]);
        if (start < 0 || end < start || end > Rows.Rows)
        {
            throw new InvalidGalleryException(
                $"The captions of item {item} are said to be rows {start} to {end} of {Rows.Rows}: the gallery is damaged. Verify it and index it again.");
        }

        return (start, end);
    }
}
