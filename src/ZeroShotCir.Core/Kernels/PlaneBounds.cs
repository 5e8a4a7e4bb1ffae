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
    private readonly ReadOnlySpan<float> _bounds = planes.Bounds.Span;
    private readonly float _halfScale = query.HalfScale;
    private readonly float _length = query.Length;
    private readonly int _coarseCenter = NormalQuantizer.LargestLevel * query.Sum;
    private readonly int _fineCenter = CodePlanes.LargestCode * query.Sum;
    private readonly float _product = product;
    private readonly PlaneMargins _margins = margins;

    /// <summary>Bounds eight rows of a tile by their coarse codes.</summary>
    /// <param name="scales">The scales of the tile's rows, followed by their errors.</param>
    /// <param name="place">Where the first of the rows stands in the tile.</param>
    /// <param name="products">Their products.</param>
    /// <param name="uppers">Receives the upper bounds.</param>
    /// <returns>The estimates of their scores.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Estimate(ref readonly float scales, nuint place, Vector256<int> products, out Vector256<float> uppers)
    {
        Vector256<float> scale = Vector256.LoadUnsafe(in scales, place) * Vector256.Create(_halfScale);
        Vector256<float> error = Vector256.LoadUnsafe(in scales, CodePlanes.TileRows + place) * Vector256.Create(_length);
        Vector256<float> estimates = (Vector256.ConvertToSingle(products + products - Vector256.Create(_coarseCenter)) * scale) + Vector256.Create(_product);
        uppers = estimates + (error + Vector256.Create(_margins.Coarse));
        return estimates;
    }

    /// <summary>Bounds four rows by both their codes.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="products">The products of their fine codes.</param>
    /// <param name="uppers">What their coarse codes gave; receives the upper bounds.</param>
    /// <returns>The lower bounds.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> Complete(Vector128<int> rows, Vector128<int> products, ref Vector128<float> uppers)
    {
        Vector128<float> estimates = uppers - ((Gather(rows, CodePlanes.ErrorPlace) * Vector128.Create(_length)) + Vector128.Create(_margins.Coarse));
        Vector128<float> scale = Gather(rows, CodePlanes.FineScalePlace) * Vector128.Create(_halfScale);
        Vector128<float> scores = estimates + (Vector128.ConvertToSingle(products + products - Vector128.Create(_fineCenter)) * scale);
        Vector128<float> margins = (Gather(rows, CodePlanes.FineErrorPlace) * Vector128.Create(_length)) + Vector128.Create(_margins.Both);
        uppers = scores + margins;
        return scores - margins;
    }

    /// <summary>Asks for what <see cref="Complete"/> will read of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int row)
        => Prefetch.Line(in Unsafe.As<float, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bounds), CodePlanes.BoundsOfRow * (nint)row)), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Gather(Vector128<int> rows, int place)
    {
        ref float first = ref Unsafe.Add(ref MemoryMarshal.GetReference(_bounds), place);
        return Vector128.Create(BoundOf(ref first, rows[0]), BoundOf(ref first, rows[1]), BoundOf(ref first, rows[2]), BoundOf(ref first, rows[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float BoundOf(ref float first, int row) => Unsafe.Add(ref first, CodePlanes.BoundsOfRow * (nint)row);
}
