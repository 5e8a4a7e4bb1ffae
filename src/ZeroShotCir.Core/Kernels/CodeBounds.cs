using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>Bounds of the canonical scores of compressed rows, from the products of their codes. The names are those of docs/certified-scan.md.</summary>
/// <param name="scales">What one step of each row's codes is worth.</param>
/// <param name="errors">How far each row is from its codes at most.</param>
/// <param name="query">The query.</param>
/// <param name="product">The query's product with the mean of the rows.</param>
/// <param name="margin">The part of the margin that no row changes.</param>
internal readonly ref struct CodeBounds(ReadOnlySpan<float> scales, ReadOnlySpan<float> errors, CodeQuery query, float product, float margin)
{
    private readonly ReadOnlySpan<float> _scales = scales;
    private readonly ReadOnlySpan<float> _errors = errors;
    private readonly float _queryScale = query.Scale;
    private readonly float _queryLength = query.Length;
    private readonly float _product = product;
    private readonly float _margin = margin;

    /// <summary>The bounds of one row.</summary>
    public Candidate Of(int row, int product, int ordinal)
    {
        float score = (product * (_scales[row] * _queryScale)) + _product;
        float margin = (_errors[row] * _queryLength) + _margin;
        return new Candidate(score - margin, score + margin, ordinal);
    }

    /// <summary>A bit for each of four rows in a row whose upper bound is not below the threshold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Reaching(int row, Vector128<int> products, float threshold)
    {
        Vector128<float> scale = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_scales), (nuint)(uint)row) * Vector128.Create(_queryScale);
        Vector128<float> error = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_errors), (nuint)(uint)row) * Vector128.Create(_queryLength);
        Vector128<float> scores = (Vector128.ConvertToSingle(products) * scale) + Vector128.Create(_product);
        Vector128<float> uppers = scores + (error + Vector128.Create(_margin));
        return ~Vector128.LessThan(uppers, Vector128.Create(threshold)).ExtractMostSignificantBits() & 0b1111u;
    }
}
