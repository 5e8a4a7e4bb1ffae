using System.Runtime.CompilerServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>A query as a scan of compressed rows needs it. The names are those of docs/certified-scan.md.</summary>
internal sealed class CodeQuery
{
    // Lengths beyond it leave no room for the products of the bound.
    private const float LongestLength = 1L << 50;

    // More than any product or sum loses that becomes subnormal.
    private const double Underflow = 1.0 / (1L << 50) / (1L << 50);
    private readonly GrowingBuffer<short> _codes = new();
    private readonly GrowingBuffer<short> _padded = new();
    private double _length;
    private double _lost;

    /// <summary>The codes as <see cref="CodeProduct.Pad"/> writes them.</summary>
    public ReadOnlySpan<short> Codes => _padded.Span;

    /// <summary>What one step of the query's codes is worth.</summary>
    public float Scale { get; private set; }

    /// <summary>An upper bound of the query's length.</summary>
    public float Length { get; private set; }

    /// <summary>Takes over a query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<float> query)
    {
        float largest = 0;
        foreach (float component in query)
        {
            largest = Math.Max(largest, Math.Abs(component));
        }

        // No sum of products with codes of at most 127 leaves int32.
        int largestCode = Math.Min(short.MaxValue, int.MaxValue / 127 / query.Length);
        Scale = largest / largestCode;
        double inverse = Scale > 0 ? 1.0 / Scale : 0;
        double lost = 0;
        Span<short> codes = _codes.Reserve(query.Length);
        for (int d = 0; d < query.Length; d++)
        {
            double code = Math.Clamp(Math.Round(query[d] * inverse), -largestCode, largestCode);
            codes[d] = (short)code;
            double difference = query[d] - (code * Scale);
            lost += difference * difference;
        }

        _length = UnitVector.Length(query) * (1 + 1e-9);
        _lost = (Math.Sqrt(lost) * (1 + 1e-9)) + (_length * 1e-12);
        Length = MathF.BitIncrement((float)_length);
        CodeProduct.Pad(codes, _padded.Reserve(CodeProduct.PaddedLength(query.Length)));
    }

    /// <summary>What a block's rows share: the query's product with their mean, and the part of the margin that no row changes.</summary>
    /// <returns>Whether the bound holds for this query and block; else the rows themselves must be scanned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryPrepare(ReadOnlySpan<float> query, QuantizedMatrix block, float meanLength, out float product, out float margin)
    {
        double longest = Math.Max(block.MaxLength, meanLength);
        double exact = 0;
        ReadOnlySpan<float> mean = block.Mean.Span;
        for (int d = 0; d < mean.Length; d++)
        {
            exact += (double)query[d] * mean[d];
        }

        product = (float)exact;
        double rounding = ((query.Length / 16) + 40) / (double)(1 << 24) * _length * longest;
        margin = MathF.BitIncrement((float)((_lost * longest) + rounding + Underflow));
        return query.Length <= LongestRow && _length <= LongestLength && longest <= LongestLength;
    }

    // Beyond it a query's codes would be too coarse to be of use, and the bound's rounding terms too wide.
    private const int LongestRow = 1 << 20;
}
