using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>
/// A few orthonormal directions in which most of the length of an index's rows and of a batch's queries lies: their principal components,
/// nearly. Products along them, and the lengths of what they leave, bound the scores. The names are those of docs/certified-scan.md.
/// </summary>
internal sealed class LeadingDirections(ScanKernels kernels)
{
    // Shorter vectors are multiplied as quickly as any of this.
    private const int FewestDimensions = 128;

    // With fewer queries the rows' own products with the directions weigh too much.
    private const int DimensionsPerQuery = 3;
    private const int DimensionsPerDirection = 8;
    private const int SampledRows = 1024;
    private const int SampledQueries = 256;
    private const int Passes = 2;

    // A direction of which others leave less is rounding, more than direction.
    private const float LeastLeft = 1e-3f;

    // Directions that are less orthonormal than that say too little.
    private const double MostDeviation = 1.0 / 1024;
    private const float Unit = 1f / (1 << 24);

    private readonly GrowingBuffer<float> _sample = new();
    private readonly GrowingBuffer<float> _rowPanels = new();
    private readonly GrowingBuffer<float> _columnPanels = new();
    private readonly GrowingBuffer<float> _packed = new();
    private readonly GrowingBuffer<float> _weights = new();
    private readonly GrowingBuffer<float> _directions = new();
    private readonly GrowingBuffer<float> _panels = new();
    private readonly GrowingBuffer<double> _exact = new();
    private int _dimensions;
    private float _growth;

    /// <summary>How many directions there are.</summary>
    public int Count { get; private set; }

    /// <summary>The directions, packed like queries for the tile of floats.</summary>
    public ReadOnlySpan<float> Panels => _panels.Span;

    /// <summary>What the bounds must allow for rounding, for each product of lengths.</summary>
    public float Allowance { get; private set; }

    /// <summary>Whether directions may pay at all: for long vectors and many queries.</summary>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="queries">How many queries are compared at a time.</param>
    public static bool MayPay(int dimensions, int queries) => dimensions >= FewestDimensions && (long)queries * DimensionsPerQuery >= dimensions;

    /// <summary>Finds directions in samples of rows and queries.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="queries">The batch's queries, one after the other.</param>
    /// <returns>Whether there are any.</returns>
    public bool Find(IndexRows rows, ReadOnlySpan<float> queries)
    {
        _dimensions = rows.Dimensions;
        int sampled = Math.Min(SampledRows, rows.Count), asked = Math.Min(SampledQueries, queries.Length / _dimensions);
        Span<float> sample = _sample.Reserve((long)(sampled + asked) * _dimensions);
        Span<float> sampledRows = sample[..(sampled * _dimensions)], sampledQueries = sample[(sampled * _dimensions)..];
        VectorSample.Take(rows, sampledRows, between: false);
        VectorSample.Take(queries, _dimensions, sampledQueries);

        // Rows and queries count for as much, since a bound is the product of what the directions leave of either.
        if (!Normalize(sampledRows) || !Normalize(sampledQueries))
        {
            return false;
        }

        FindIn(sample, Math.Max(1, _dimensions / DimensionsPerDirection));
        return Measure();
    }

    /// <summary>Multiplies a panel of vectors with the directions.</summary>
    /// <param name="panel">The vectors, packed like rows for the tile of floats.</param>
    /// <param name="lengths">An upper bound of each vector's length; infinite for one that no bound holds for.</param>
    /// <param name="products">Receives the products, packed in the same way.</param>
    /// <param name="rests">Receives an upper bound of the length of what the directions leave of each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Project(ReadOnlySpan<float> panel, ReadOnlySpan<float> lengths, Span<float> products, Span<float> rests)
    {
        int width = kernels.PanelRows;
        PanelProducts.Multiply(kernels, Panels, Count, panel, width, products, width);
        kernels.SumSquares(products, rests);
        for (int i = 0; i < width; i++)
        {
            float length = lengths[i];
            rests[i] = float.IsFinite(length)
                ? MathF.Sqrt(Math.Max(0, (length * length * _growth) - rests[i])) * (1 + (4 * Unit))
                : float.PositiveInfinity;
        }
    }

    // The block power method: N. Halko, P. Martinsson, J. Tropp, Finding structure with randomness, 2011, algorithm 4.4.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindIn(ReadOnlySpan<float> sample, int count)
    {
        int width = kernels.PanelRows, vectors = sample.Length / _dimensions;
        Span<float> rowPanels = _rowPanels.Reserve(PanelProducts.LengthOf(vectors, _dimensions, width));
        PanelProducts.Pack(sample, _dimensions, rowPanels, width);
        Span<float> columnPanels = _columnPanels.Reserve(PanelProducts.LengthOf(_dimensions, vectors, width));
        columnPanels.Clear();
        for (int first = 0; first < _dimensions; first += width)
        {
            int some = Math.Min(width, _dimensions - first);
            for (int i = 0; i < vectors; i++)
            {
                sample.Slice((i * _dimensions) + first, some).CopyTo(columnPanels.Slice((first * vectors) + (i * width), some));
            }
        }

        // Any signs will do; the same ones each time.
        Span<float> weights = _weights.Reserve((long)count * vectors);
        uint signs = 1;
        foreach (ref float weight in weights)
        {
            signs = (signs * 1_664_525) + 1_013_904_223;
            weight = (signs >> 31) == 0 ? 1 : -1;
        }

        Count = count;
        Span<float> directions = _directions.Reserve((long)count * _dimensions);
        Multiply(weights, vectors, columnPanels, _dimensions, directions);
        Orthonormalize(directions);
        for (int pass = 0; pass < Passes; pass++)
        {
            Multiply(directions[..(Count * _dimensions)], _dimensions, rowPanels, vectors, weights);
            Multiply(weights[..(Count * vectors)], vectors, columnPanels, _dimensions, directions);
            Orthonormalize(directions);
        }

        Pack(directions[..(Count * _dimensions)], _dimensions, _panels);
    }

    private void Pack(ReadOnlySpan<float> vectors, int length, GrowingBuffer<float> packed)
    {
        int height = kernels.PanelQueries;
        PanelProducts.Pack(vectors, length, packed.Reserve(PanelProducts.LengthOf(vectors.Length / length, length, height)), height);
    }

    // Each of the vectors with each of those in panels.
    private void Multiply(ReadOnlySpan<float> vectors, int length, ReadOnlySpan<float> panels, int columns, Span<float> products)
    {
        int width = kernels.PanelRows, count = vectors.Length / length;
        Pack(vectors, length, _packed);
        for (int first = 0; first < columns; first += width)
        {
            PanelProducts.Multiply(
                kernels, _packed.Span, count, panels.Slice(first * length, width * length), Math.Min(width, columns - first), products[first..], columns);
        }
    }

    // Gram and Schmidt, each vector twice. Those of which nothing is left are left out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Orthonormalize(Span<float> directions)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            Span<float> own = directions.Slice(kept * _dimensions, _dimensions);
            directions.Slice(i * _dimensions, _dimensions).CopyTo(own);
            bool stands = Normalize(own);
            for (int round = 0; stands && round < 2; round++)
            {
                for (int other = 0; other < kept; other++)
                {
                    Subtract(directions.Slice(other * _dimensions, _dimensions), own);
                }

                stands = MathF.Sqrt(Product<float>(own, own)) > LeastLeft && Normalize(own);
            }

            kept += stands ? 1 : 0;
        }

        Count = kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Normalize(Span<float> vector)
    {
        float length = MathF.Sqrt(Product<float>(vector, vector));
        if (!(length > 0) || !float.IsFinite(1 / length))
        {
            return false;
        }

        foreach (ref Vector<float> some in MemoryMarshal.Cast<float, Vector<float>>(vector))
        {
            some *= 1 / length;
        }

        foreach (ref float one in vector[(vector.Length / Vector<float>.Count * Vector<float>.Count)..])
        {
            one *= 1 / length;
        }

        return true;
    }

    // Takes off a vector what lies along a direction.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(ReadOnlySpan<float> direction, Span<float> vector)
    {
        float along = Product(direction, vector);
        ReadOnlySpan<Vector<float>> directions = MemoryMarshal.Cast<float, Vector<float>>(direction);
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(vector);
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] -= directions[i] * along;
        }

        for (int d = vectors.Length * Vector<float>.Count; d < vector.Length; d++)
        {
            vector[d] -= direction[d] * along;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Product<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<Vector<T>> lefts = MemoryMarshal.Cast<T, Vector<T>>(left), rights = MemoryMarshal.Cast<T, Vector<T>>(right);
        Vector<T> sums = Vector<T>.Zero, moreSums = sums;
        int i = 0;
        for (; i + 1 < lefts.Length; i += 2)
        {
            sums += lefts[i] * rights[i];
            moreSums += lefts[i + 1] * rights[i + 1];
        }

        T product = Vector.Sum(sums + moreSums);
        for (int d = i * Vector<T>.Count; d < left.Length; d++)
        {
            product += left[d] * right[d];
        }

        return product;
    }

    // How far the directions are from orthonormal, and what follows for the bounds.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Measure()
    {
        Span<double> exact = _exact.Reserve((long)Count * _dimensions);
        for (int i = 0; i < exact.Length; i++)
        {
            exact[i] = _directions.Span[i];
        }

        double deviation = 0;
        for (int i = 0; i < Count; i++)
        {
            double sum = 0;
            for (int j = 0; j < Count; j++)
            {
                double product = Product<double>(exact.Slice(i * _dimensions, _dimensions), exact.Slice(j * _dimensions, _dimensions));
                sum += Math.Abs(product - (i == j ? 1 : 0));
            }

            // Sums of doubles are good to far less than that.
            deviation = Math.Max(deviation, sum + 1e-9);
        }

        double rounding = 1.01 * _dimensions * Unit * Math.Sqrt(Count);
        _growth = (float)(1 + (2.1 * rounding) + (1.1 * deviation) + (((1.1 * Count) + 16) * Unit));
        Allowance = (float)((2.1 * rounding) + (3.2 * deviation) + (((1.1 * Count) + (_dimensions / 16) + 32) * Unit));
        return Count > 0 && deviation < MostDeviation;
    }
}
