using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

/// <summary>Bounds of the canonical scores of rows in code planes, from the products of their codes. The names are those of docs/certified-scan.md.</summary>
/// <param name="planes">The planes.</param>
/// <param name="query">The query.</param>
/// <param name="product">The query's product with the mean of the rows.</param>
/// <param name="margins">The parts of the margins that no row changes.</param>
internal readonly ref struct PlaneBounds(CodePlanes planes, PlaneQuery query, float product, PlaneMargins margins)
{
    private readonly ReadOnlySpan<float> _scales = planes.Scales.Span;
    private readonly ReadOnlySpan<float> _errors = planes.Errors.Span;
    private readonly ReadOnlySpan<float> _fineBounds = planes.FineBounds.Span;
    private readonly float _halfScale = query.HalfScale;
    private readonly float _length = query.Length;
    private readonly int _center = query.Center;
    private readonly float _product = product;
    private readonly PlaneMargins _margins = margins;

    /// <summary>Bounds four rows by their coarse codes.</summary>
    /// <param name="row">The first of the rows.</param>
    /// <param name="products">Their products.</param>
    /// <param name="uppers">Receives the upper bounds.</param>
    /// <returns>The estimates of their scores.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Estimate(int row, Vector128<int> products, out Vector128<float> uppers)
    {
        Vector128<float> scale = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_scales), (nuint)(uint)row) * Vector128.Create(_halfScale);
        Vector128<float> error = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(_errors), (nuint)(uint)row) * Vector128.Create(_length);
        Vector128<float> estimates = (Vector128.ConvertToSingle(products + products - Vector128.Create(_center)) * scale) + Vector128.Create(_product);
        uppers = estimates + (error + Vector128.Create(_margins.Coarse));
        return estimates;
    }

    /// <summary>Bounds a row by both its codes.</summary>
    /// <param name="row">The row.</param>
    /// <param name="upper">What its coarse codes gave.</param>
    /// <param name="product">The product of its fine codes.</param>
    /// <param name="ordinal">The row's ordinal.</param>
    public Candidate Of(int row, float upper, int product, int ordinal)
    {
        float estimate = upper - ((_errors[row] * _length) + _margins.Coarse);
        float score = estimate + ((product + product - _center) * (_fineBounds[2 * row] * _halfScale));
        float margin = (_fineBounds[(2 * row) + 1] * _length) + _margins.Both;
        return new Candidate(score - margin, score + margin, ordinal);
    }
}
