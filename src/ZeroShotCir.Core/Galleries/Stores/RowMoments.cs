using System.Buffers.Binary;
using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>
/// Mean and covariance of rows, which give the mean and the deviation of every vector's similarities to them without the rows:
/// <c>mean = q·μ</c>, <c>variance = qᵀΣq</c>.
/// </summary>
/// <remarks>
/// <para>Kept as sums, so that moments of parts are added, and rows that go are taken off. Takes D²/2 numbers of 8 bytes.</para>
/// <para>Not for concurrent use while rows are added; afterwards it serves concurrent callers.</para>
/// </remarks>
public sealed class RowMoments
{
    private const int HeaderLength = sizeof(int) + sizeof(long);
    private readonly double[] _sum;

    // The lower triangle, row after row: the sum of x_i·x_j for j ≤ i.
    private readonly double[] _products;

    /// <summary>Creates the moments of no rows.</summary>
    /// <param name="dimensions">The number of components of a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public RowMoments(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        Dimensions = dimensions;
        _sum = new double[dimensions];
        _products = new double[checked(dimensions * (dimensions + 1) / 2)];
    }

    /// <summary>The number of components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>The number of rows.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="InvalidEmbeddingException">It has another dimension or is not finite.</exception>
    public void Add(ReadOnlySpan<float> row) => Add(row, 1);

    /// <summary>Takes off a row that was added before.</summary>
    /// <param name="row">The row, with the same numbers.</param>
    /// <exception cref="InvalidEmbeddingException">It has another dimension or is not finite.</exception>
    public void Remove(ReadOnlySpan<float> row) => Add(row, -1);

    /// <summary>Adds the moments of other rows.</summary>
    /// <param name="other">Their moments.</param>
    /// <exception cref="InvalidEmbeddingException">They have another dimension.</exception>
    public void Add(RowMoments other)
    {
        ArgumentNullException.ThrowIfNull(other);
        EmbeddingGuard.ThrowIfDimensionsDiffer(other.Dimensions, Dimensions, "The rows whose moments are added");
        TensorPrimitives.Add(_sum, other._sum, _sum);
        TensorPrimitives.Add(_products, other._products, _products);
        Count += other.Count;
    }

    /// <summary>The mean of the rows' inner products with a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <returns>The mean; 0 of no rows.</returns>
    /// <exception cref="InvalidEmbeddingException">The vector has another dimension.</exception>
    public double MeanOf(ReadOnlySpan<float> vector)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(vector.Length, Dimensions, "The vector");
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            sum += vector[i] * _sum[i];
        }

        return sum / Math.Max(1, Count);
    }

    /// <summary>The variance of the rows' inner products with a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="ddof">What is taken off the number of rows to divide by: 0 for the variance of these rows, 1 for the estimate of Bessel.</param>
    /// <returns>The variance, at least 0.</returns>
    /// <exception cref="InvalidEmbeddingException">The vector has another dimension.</exception>
    public double VarianceOf(ReadOnlySpan<float> vector, int ddof = 0)
    {
        double mean = MeanOf(vector);
        double squares = 0;
        for (int i = 0, at = 0; i < Dimensions; i++)
        {
            double row = 0;
            for (int j = 0; j < i; j++, at++)
            {
                row += _products[at] * vector[j];
            }

            squares += vector[i] * ((2 * row) + (_products[at++] * vector[i]));
        }

        return Math.Max(0, squares - (Count * mean * mean)) / Math.Max(1, Count - ddof);
    }

    /// <summary>Writes the moments, for a store to keep.</summary>
    /// <returns>Dimensions (4 bytes), count (8 bytes), then the sums, all little-endian.</returns>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderLength + (sizeof(double) * (_sum.Length + _products.Length))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Dimensions);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(int)), Count);
        int at = HeaderLength;
        foreach (double[] sums in new[] { _sum, _products })
        {
            foreach (double value in sums)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), value);
                at += sizeof(double);
            }
        }

        return bytes;
    }

    /// <summary>Reads moments that <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The moments.</returns>
    /// <exception cref="InvalidGalleryException">They are not moments, or cut off.</exception>
    public static RowMoments FromBytes(ReadOnlySpan<byte> bytes)
    {
        int dimensions = bytes.Length < HeaderLength ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (dimensions < 1 || bytes.Length != HeaderLength + (sizeof(double) * (dimensions + ((long)dimensions * (dimensions + 1) / 2))))
        {
            throw new InvalidGalleryException($"{bytes.Length} bytes are not the moments of rows; push the gallery again.");
        }

        RowMoments moments = new(dimensions) { Count = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(int)..]) };
        int at = HeaderLength;
        foreach (double[] sums in new[] { moments._sum, moments._products })
        {
            for (int i = 0; i < sums.Length; i++, at += sizeof(double))
            {
                sums[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]);
            }
        }

        return moments;
    }

    private void Add(ReadOnlySpan<float> row, int sign)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(row.Length, Dimensions, "The row");
        EmbeddingGuard.ThrowIfNotFinite(row, "The row");
        Span<double> wide = Dimensions <= 2048 ? stackalloc double[Dimensions] : new double[Dimensions];
        TensorPrimitives.ConvertTruncating(row, wide);
        int at = 0;
        for (int i = 0; i < Dimensions; i++)
        {
            double value = sign * wide[i];
            _sum[i] += value;
            Span<double> products = _products.AsSpan(at, i + 1);
            TensorPrimitives.MultiplyAdd(wide[..(i + 1)], value, products, products);
            at += i + 1;
        }

        Count += sign;
    }
}
