namespace ZeroShotCir.Embeddings;

/// <summary>
/// Embeddings as one contiguous block of float32 numbers, row-major: row <c>i</c> is the embedding of item <c>i</c>.
/// The one currency in which embeddings travel through the library.
/// </summary>
/// <remarks>
/// Blocks that this type allocates start at a 64-byte boundary. A matrix is read-only once its creator has filled it;
/// any number of threads may read it at the same time. It holds at most 2³¹-1 numbers (8 GB).
/// </remarks>
public sealed class EmbeddingMatrix
{
    private readonly ReadOnlyMemory<float> _values;

    private EmbeddingMatrix(ReadOnlyMemory<float> values, int rows, int dimensions)
    {
        _values = values;
        Rows = rows;
        Dimensions = dimensions;
    }

    /// <summary>The number of embeddings; may be 0.</summary>
    public int Rows { get; }

    /// <summary>The number of components of each embedding; at least 1.</summary>
    public int Dimensions { get; }

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>All numbers, row after row, for callers that cannot hold a span.</summary>
    public ReadOnlyMemory<float> Memory => _values;

    /// <summary>The embedding of item <paramref name="row"/>.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not a row of this matrix.</exception>
    public ReadOnlySpan<float> this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            return _values.Span.Slice(row * Dimensions, Dimensions);
        }
    }

    /// <summary>Allocates an aligned matrix of zeros and hands its creator the memory to fill.</summary>
    /// <param name="rows">The number of embeddings; 0 or more.</param>
    /// <param name="dimensions">The number of components of each; at least 1.</param>
    /// <param name="values">The writable numbers, row-major. Stop writing once the matrix is shared.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range, or the product exceeds 2³¹-1.</exception>
    public static EmbeddingMatrix Allocate(int rows, int dimensions, out Memory<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        long count = (long)rows * dimensions;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, AlignedMemory.MaxLength<float>(), nameof(rows));

        values = AlignedMemory.Allocate<float>((int)count);
        return new EmbeddingMatrix(values, rows, dimensions);
    }

    /// <summary>Copies numbers into a new aligned matrix.</summary>
    /// <param name="values">Row-major numbers; a whole number of rows.</param>
    /// <param name="dimensions">The number of components of each row; at least 1.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="dimensions"/>.</exception>
    public static EmbeddingMatrix Copy(ReadOnlySpan<float> values, int dimensions)
    {
        EmbeddingMatrix matrix = Allocate(RowsOf(values.Length, dimensions), dimensions, out Memory<float> destination);
        values.CopyTo(destination.Span);
        return matrix;
    }

    /// <summary>Copies rows of equal length into a new aligned matrix.</summary>
    /// <param name="rows">The rows; at least one, since it tells the dimension.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="InvalidEmbeddingException">Rows differ in length.</exception>
    public static EmbeddingMatrix FromRows(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("No rows were given; at least one is needed to know the dimension.", nameof(rows));
        }

        int dimensions = rows[0].Length;
        EmbeddingMatrix matrix = Allocate(rows.Count, dimensions, out Memory<float> destination);
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != dimensions)
            {
                throw new InvalidEmbeddingException(
                    $"Row {i} has {rows[i].Length} components, row 0 has {dimensions}; embeddings of one matrix need equal dimensions.");
            }

            rows[i].CopyTo(destination.Span[(i * dimensions)..]);
        }

        return matrix;
    }

    /// <summary>Looks at numbers that live elsewhere, such as a mapped file, without copying them.</summary>
    /// <param name="values">Row-major numbers; a whole number of rows, valid and unchanged as long as the matrix is used.</param>
    /// <param name="dimensions">The number of components of each row; at least 1.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="dimensions"/>.</exception>
    public static EmbeddingMatrix Wrap(ReadOnlyMemory<float> values, int dimensions)
        => new(values, RowsOf(values.Length, dimensions), dimensions);

    /// <summary>Looks at a range of rows without copying them.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <returns>The matrix of those rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside this matrix.</exception>
    public EmbeddingMatrix Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Rows - count);
        return new EmbeddingMatrix(_values.Slice(start * Dimensions, count * Dimensions), count, Dimensions);
    }

    private static int RowsOf(int length, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        (int rows, int rest) = Math.DivRem(length, dimensions);
        if (rest != 0)
        {
            throw new ArgumentException(
                $"{length} numbers are not a whole number of rows of {dimensions}; {rest} are left over.", nameof(length));
        }

        return rows;
    }
}
