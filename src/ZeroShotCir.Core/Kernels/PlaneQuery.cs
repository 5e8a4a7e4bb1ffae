using System.Runtime.CompilerServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>A query as a scan of code planes needs it: rotated like the rows, in int8. The names are those of docs/certified-scan.md.</summary>
internal sealed class PlaneQuery(int dimensions)
{
    private const int LargestCode = 127;

    // Scales below it count as nothing.
    private const float SmallestScale = 1f / (1L << 60) / (1L << 60);

    // Lengths beyond it leave no room for the products of the bound.
    private const float LongestLength = 1L << 50;

    // More than any product or sum loses that becomes subnormal.
    private const double Underflow = 1.0 / (1L << 50) / (1L << 50);
    private readonly Rotation _rotation = new(dimensions);
    private readonly double[] _rotated = new double[dimensions];
    private readonly sbyte[] _codes = new sbyte[(dimensions + 63) / 64 * 64];
    private double _length;
    private double _lost;

    /// <summary>The codes, zeros after the last one up to a multiple of 64.</summary>
    public ReadOnlySpan<sbyte> Codes => _codes;

    /// <summary>The sum of the codes: what a step of all of a row's codes or levels adds to its product.</summary>
    public int Sum { get; private set; }

    /// <summary>What half a step of the query's codes is worth.</summary>
    public float HalfScale { get; private set; }

    /// <summary>An upper bound of the query's length.</summary>
    public float Length { get; private set; }

    /// <summary>Takes over a query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<float> query)
    {
        for (int d = 0; d < query.Length; d++)
        {
            _rotated[d] = query[d];
        }

        _rotation.Apply(_rotated);
        double largest = 0;
        foreach (double component in _rotated)
        {
            largest = Math.Max(largest, Math.Abs(component));
        }

        // The scale is a float of full precision or nothing: half of it is then exact.
        float scale = (float)(largest / LargestCode);
        scale = scale < SmallestScale ? 0 : scale;
        double inverse = scale > 0 ? 1.0 / scale : 0;
        double lost = 0;
        int sum = 0;
        for (int d = 0; d < _rotated.Length; d++)
        {
            double code = Math.Clamp(Math.Round(_rotated[d] * inverse), -LargestCode, LargestCode);
            _codes[d] = (sbyte)code;
            sum += (int)code;
            double difference = _rotated[d] - (code * scale);
            lost += difference * difference;
        }

        Sum = sum;
        HalfScale = scale / 2;
        _length = UnitVector.Length(query) * (1 + 1e-9);
        _lost = (Math.Sqrt(lost) * (1 + 1e-9)) + (_length * 1e-12);
        Length = MathF.BitIncrement((float)_length);
    }

    /// <summary>What a block's rows share: the query's product with their mean, and the parts of the margins that no row changes.</summary>
    /// <returns>Whether the bounds hold for this query and block; else the rows themselves must be scanned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryPrepare(ReadOnlySpan<float> query, CodePlanes block, float meanLength, out float product, out PlaneMargins margins)
    {
        double longest = Math.Max(block.MaxLength, meanLength);
        double exact = 0;
        ReadOnlySpan<float> mean = block.Mean.Span;
        for (int d = 0; d < mean.Length; d++)
        {
            exact += (double)query[d] * mean[d];
        }

        product = (float)exact;
        double rounding = ((query.Length / 16) + 80) / (double)(1 << 24) * _length * longest;
        margins = new PlaneMargins(
            MathF.BitIncrement((float)((_lost * block.MaxCoarseLength) + rounding + Underflow)),
            MathF.BitIncrement((float)((_lost * block.MaxCodeLength) + rounding + Underflow)));
        return _length <= LongestLength && longest <= LongestLength;
    }
}
