using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Embeddings;

/// <summary>Finds the codes of one row at a time for <see cref="CodePlanes"/>. The names are those of docs/certified-scan.md.</summary>
internal sealed class PlaneCoder
{
    // Rows that are smaller are coded as zero, since the squares below would be lost; longer ones are not coded.
    private const float Smallest = 1f / (1L << 40);
    private const float Largest = 1L << 40;

    // The steps to try, per root mean square of the components and per coarse step: the best for a normal distribution, and for others.
    private static readonly float[] CoarseSteps =
    [
        0.92f * NormalQuantizer.Deviations / NormalQuantizer.Largest, NormalQuantizer.Deviations / NormalQuantizer.Largest,
        1.08f * NormalQuantizer.Deviations / NormalQuantizer.Largest,
    ];
    private static readonly float[] FineSteps = [0.2f, 0.4f, 0.48f, 0.56f];
    private readonly float[] _mean;
    private readonly Rotation _rotation;
    private readonly float[] _row;
    private readonly float[] _rest;
    private readonly float[] _mask;
    private readonly byte[] _coarse;
    private readonly byte[] _fine;

    public PlaneCoder(float[] mean)
    {
        _mean = mean;
        _rotation = new Rotation(mean.Length);
        int padded = (mean.Length + 63) / 64 * 64;
        (_row, _rest, _mask) = (new float[padded], new float[padded], new float[padded]);
        (_coarse, _fine) = (new byte[padded], new byte[padded]);
        _mask.AsSpan(0, mean.Length).Fill(1);
    }

    /// <summary>What a step of the coarse codes is worth.</summary>
    public float Scale { get; private set; }

    /// <summary>How far the row is from its coarse codes at most.</summary>
    public float Error { get; private set; }

    /// <summary>What a step of the fine codes is worth.</summary>
    public float FineScale { get; private set; }

    /// <summary>How far the row is from both codes together at most.</summary>
    public float FineError { get; private set; }

    /// <summary>An upper bound of the length of what the coarse codes say.</summary>
    public double CoarseLength { get; private set; }

    /// <summary>An upper bound of the length of what both codes say.</summary>
    public double CodeLength { get; private set; }

    /// <summary>Finds a row's codes.</summary>
    /// <returns>Whether it is not too long.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TrySet(ReadOnlySpan<float> row)
    {
        int dimensions = row.Length;
        Span<float> centred = _row.AsSpan(0, dimensions);
        TensorPrimitives.Subtract(row, _mean, centred);
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(centred));
        if (!(largest < Largest))
        {
            return false;
        }

        if (largest < Smallest)
        {
            (Scale, FineScale, CoarseLength, CodeLength) = (0, 0, 0, 0);
            Error = FineError = largest == 0 ? 0 : MathF.BitIncrement((float)(UnitVector.Length(centred) * (1 + 1e-6)));
            _coarse.AsSpan().Clear();
            _fine.AsSpan().Clear();
            return true;
        }

        // Sums of squares in float: each may be off by a rounding for every addition.
        double inflation = 1 + ((dimensions + 16.0) / (1 << 22));
        double length = TensorPrimitives.Norm(centred) * inflation;
        _rotation.Apply(centred);
        float deviation = (float)(length / Math.Sqrt(dimensions));
        float best = Best<NormalQuantizer>(_row, deviation, CoarseSteps);
        Code<NormalQuantizer>(_row, best, _coarse);
        Scale = Fitted(best, out float squares);
        float lost = Rest(best);
        FineScale = Best<EvenQuantizer>(_rest, Scale, FineSteps);
        Code<EvenQuantizer>(_rest, FineScale, _fine);
        float fineLost = Lost<EvenQuantizer>(_rest, FineScale);

        // Rounding: of the difference from the mean, of the rotation, of products and differences.
        double slack = length * (_rotation.Rounding + (32.0 / (1 << 22)));
        double error = (Math.Sqrt(lost) * inflation) + slack, fineError = (Math.Sqrt(fineLost) * inflation) + (2 * slack);
        (Error, FineError) = (MathF.BitIncrement((float)error), MathF.BitIncrement((float)fineError));
        (CoarseLength, CodeLength) = (Scale * Math.Sqrt(squares) * inflation, length + fineError);
        return true;
    }

    /// <summary>Writes the coarse codes, their scale and their error into a tile.</summary>
    public void PackCoarse(Span<byte> tile, int place)
    {
        int groups = (_mean.Length + 7) / 8;
        Span<int> lanes = MemoryMarshal.Cast<byte, int>(tile);
        ReadOnlySpan<int> codes = MemoryMarshal.Cast<byte, int>(_coarse.AsSpan());
        for (int group = 0; group < groups; group++)
        {
            lanes[(group * CodePlanes.TileRows) + place] = codes[2 * group] | (codes[(2 * group) + 1] << 4);
        }

        Span<float> bounds = MemoryMarshal.Cast<byte, float>(tile[CodePlanes.TileCodeBytes(_mean.Length)..]);
        (bounds[place], bounds[CodePlanes.TileRows + place]) = (Scale, Error);
    }

    /// <summary>Writes the fine codes of a row.</summary>
    public void PackFine(Span<byte> row)
    {
        ReadOnlySpan<ulong> codes = MemoryMarshal.Cast<byte, ulong>(_fine.AsSpan());
        Span<ulong> packed = MemoryMarshal.Cast<byte, ulong>(row);
        for (int i = 0; i < codes.Length / 2; i++)
        {
            int block = i / 4, place = i % 4;
            packed[i] = codes[(8 * block) + place] | (codes[(8 * block) + 4 + place] << 4);
        }
    }

    private float Best<TQuantizer>(float[] values, float unit, float[] steps)
        where TQuantizer : struct, IPlaneQuantizer
    {
        float best = 0;
        float least = float.PositiveInfinity;
        foreach (float step in steps)
        {
            float lost = Lost<TQuantizer>(values, step * unit);
            if (lost < least)
            {
                (best, least) = (step * unit, lost);
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Lost<TQuantizer>(float[] values, float step)
        where TQuantizer : struct, IPlaneQuantizer
    {
        float inverse = 1 / step;
        Vector256<float> sum = Vector256<float>.Zero;
        for (nuint d = 0; d < (nuint)values.Length; d += 8)
        {
            Vector256<float> value = Vector256.LoadUnsafe(ref values[0], d);
            Vector256<float> difference = value - (TQuantizer.Nearest(value * inverse) * step);
            sum += difference * difference * Vector256.LoadUnsafe(ref _mask[0], d);
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Code<TQuantizer>(float[] values, float step, byte[] codes)
        where TQuantizer : struct, IPlaneQuantizer
    {
        float inverse = 1 / step;
        for (nuint d = 0; d < (nuint)values.Length; d += 32)
        {
            Vector256<short> low = Vector256.Narrow(Codes<TQuantizer>(values, d, inverse), Codes<TQuantizer>(values, d + 8, inverse));
            Vector256<short> high = Vector256.Narrow(Codes<TQuantizer>(values, d + 16, inverse), Codes<TQuantizer>(values, d + 24, inverse));
            Vector256.Narrow(low, high).AsByte().StoreUnsafe(ref codes[0], d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Codes<TQuantizer>(float[] values, nuint d, float inverse)
        where TQuantizer : struct, IPlaneQuantizer
        => TQuantizer.Codes(Vector256.LoadUnsafe(ref values[0], d) * inverse);

    // The step with which the codes say the row best.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Fitted(float step, out float squaresOfCodes)
    {
        float inverse = 1 / step;
        Vector256<float> products = Vector256<float>.Zero, squares = products;
        for (nuint d = 0; d < (nuint)_row.Length; d += 8)
        {
            Vector256<float> value = Vector256.LoadUnsafe(ref _row[0], d);
            Vector256<float> code = NormalQuantizer.Nearest(value * inverse) * Vector256.LoadUnsafe(ref _mask[0], d);
            products += value * code;
            squares += code * code;
        }

        squaresOfCodes = Vector256.Sum(squares);
        return Vector256.Sum(products) / squaresOfCodes;
    }

    // What the coarse codes leave; of components that there are not, nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Rest(float step)
    {
        float inverse = 1 / step;
        Vector256<float> sum = Vector256<float>.Zero;
        for (nuint d = 0; d < (nuint)_row.Length; d += 8)
        {
            Vector256<float> value = Vector256.LoadUnsafe(ref _row[0], d);
            Vector256<float> rest = (value - (NormalQuantizer.Nearest(value * inverse) * Scale)) * Vector256.LoadUnsafe(ref _mask[0], d);
            rest.StoreUnsafe(ref _rest[0], d);
            sum += rest * rest;
        }

        return Vector256.Sum(sum);
    }
}
