using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Similarity;

/// <summary>The inner products of 8 interleaved queries with 48 interleaved rows, held in registers from the first component to the last.</summary>
/// <remarks>
/// Component i of query q stands at <c>queries[8i + q]</c>, of row r at <c>rows[48i + r]</c>. With 512-bit vectors the whole tile is
/// 24 accumulators: three loads and eight broadcasts feed 24 multiply-adds, so the loop is bound by arithmetic. With narrower vectors
/// it is four quarter tiles of 12 accumulators, which fit 16 registers.
/// </remarks>
internal static class ProductTile
{
    /// <summary>Queries of a tile.</summary>
    public const int QueryTile = 8;

    /// <summary>Rows of a panel.</summary>
    public const int PanelRows = 48;

    /// <summary>Computes one tile.</summary>
    /// <param name="queries">Eight interleaved queries.</param>
    /// <param name="rows">48 interleaved rows.</param>
    /// <param name="products">Receives 48 products for each query.</param>
    /// <param name="stride">How far apart in <paramref name="products"/> two queries begin.</param>
    public static void Compute(ReadOnlySpan<float> queries, ReadOnlySpan<float> rows, Span<float> products, int stride)
    {
        ref float q = ref MemoryMarshal.GetReference(queries);
        ref float r = ref MemoryMarshal.GetReference(rows);
        ref float p = ref MemoryMarshal.GetReference(products);
        nuint dimensions = (nuint)(rows.Length / PanelRows);
        if (Vector512.IsHardwareAccelerated)
        {
            Compute8x48(ref q, ref r, ref p, (nuint)stride, dimensions);
        }
        else
        {
            ComputeQuarters(ref q, ref r, ref p, (nuint)stride, dimensions);
        }
    }

    /// <summary>The path of processors without 512-bit vectors; the same chains of operations, so the same bits.</summary>
    internal static void ComputeQuarters(ref float queries, ref float rows, ref float products, nuint stride, nuint dimensions)
    {
        for (nuint query = 0; query < QueryTile; query += 4)
        {
            for (nuint row = 0; row < PanelRows; row += 24)
            {
                Compute4x24(
                    ref Unsafe.Add(ref queries, query),
                    ref Unsafe.Add(ref rows, row),
                    ref Unsafe.Add(ref products, (query * stride) + row),
                    stride,
                    dimensions);
            }
        }
    }

    private static void Compute8x48(ref float queries, ref float rows, ref float products, nuint stride, nuint dimensions)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero, s02 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero, s12 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero, s22 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero, s32 = Vector512<float>.Zero;
        Vector512<float> s40 = Vector512<float>.Zero, s41 = Vector512<float>.Zero, s42 = Vector512<float>.Zero;
        Vector512<float> s50 = Vector512<float>.Zero, s51 = Vector512<float>.Zero, s52 = Vector512<float>.Zero;
        Vector512<float> s60 = Vector512<float>.Zero, s61 = Vector512<float>.Zero, s62 = Vector512<float>.Zero;
        Vector512<float> s70 = Vector512<float>.Zero, s71 = Vector512<float>.Zero, s72 = Vector512<float>.Zero;
        for (nuint i = 0; i < dimensions; i++)
        {
            Vector512<float> r0 = Vector512.LoadUnsafe(ref rows);
            Vector512<float> r1 = Vector512.LoadUnsafe(ref rows, 16);
            Vector512<float> r2 = Vector512.LoadUnsafe(ref rows, 32);
            Vector512<float> x = Vector512.Create(queries);
            s00 = Vector512.FusedMultiplyAdd(x, r0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, r1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, r2, s02);
            x = Vector512.Create(Unsafe.Add(ref queries, 1));
            s10 = Vector512.FusedMultiplyAdd(x, r0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, r1, s11);
            s12 = Vector512.FusedMultiplyAdd(x, r2, s12);
            x = Vector512.Create(Unsafe.Add(ref queries, 2));
            s20 = Vector512.FusedMultiplyAdd(x, r0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, r1, s21);
            s22 = Vector512.FusedMultiplyAdd(x, r2, s22);
            x = Vector512.Create(Unsafe.Add(ref queries, 3));
            s30 = Vector512.FusedMultiplyAdd(x, r0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, r1, s31);
            s32 = Vector512.FusedMultiplyAdd(x, r2, s32);
            x = Vector512.Create(Unsafe.Add(ref queries, 4));
            s40 = Vector512.FusedMultiplyAdd(x, r0, s40);
            s41 = Vector512.FusedMultiplyAdd(x, r1, s41);
            s42 = Vector512.FusedMultiplyAdd(x, r2, s42);
            x = Vector512.Create(Unsafe.Add(ref queries, 5));
            s50 = Vector512.FusedMultiplyAdd(x, r0, s50);
            s51 = Vector512.FusedMultiplyAdd(x, r1, s51);
            s52 = Vector512.FusedMultiplyAdd(x, r2, s52);
            x = Vector512.Create(Unsafe.Add(ref queries, 6));
            s60 = Vector512.FusedMultiplyAdd(x, r0, s60);
            s61 = Vector512.FusedMultiplyAdd(x, r1, s61);
            s62 = Vector512.FusedMultiplyAdd(x, r2, s62);
            x = Vector512.Create(Unsafe.Add(ref queries, 7));
            s70 = Vector512.FusedMultiplyAdd(x, r0, s70);
            s71 = Vector512.FusedMultiplyAdd(x, r1, s71);
            s72 = Vector512.FusedMultiplyAdd(x, r2, s72);
            rows = ref Unsafe.Add(ref rows, PanelRows);
            queries = ref Unsafe.Add(ref queries, QueryTile);
        }

        s00.StoreUnsafe(ref products);
        s01.StoreUnsafe(ref products, 16);
        s02.StoreUnsafe(ref products, 32);
        s10.StoreUnsafe(ref products, stride);
        s11.StoreUnsafe(ref products, stride + 16);
        s12.StoreUnsafe(ref products, stride + 32);
        s20.StoreUnsafe(ref products, 2 * stride);
        s21.StoreUnsafe(ref products, (2 * stride) + 16);
        s22.StoreUnsafe(ref products, (2 * stride) + 32);
        s30.StoreUnsafe(ref products, 3 * stride);
        s31.StoreUnsafe(ref products, (3 * stride) + 16);
        s32.StoreUnsafe(ref products, (3 * stride) + 32);
        s40.StoreUnsafe(ref products, 4 * stride);
        s41.StoreUnsafe(ref products, (4 * stride) + 16);
        s42.StoreUnsafe(ref products, (4 * stride) + 32);
        s50.StoreUnsafe(ref products, 5 * stride);
        s51.StoreUnsafe(ref products, (5 * stride) + 16);
        s52.StoreUnsafe(ref products, (5 * stride) + 32);
        s60.StoreUnsafe(ref products, 6 * stride);
        s61.StoreUnsafe(ref products, (6 * stride) + 16);
        s62.StoreUnsafe(ref products, (6 * stride) + 32);
        s70.StoreUnsafe(ref products, 7 * stride);
        s71.StoreUnsafe(ref products, (7 * stride) + 16);
        s72.StoreUnsafe(ref products, (7 * stride) + 32);
    }

    private static void Compute4x24(ref float queries, ref float rows, ref float products, nuint stride, nuint dimensions)
    {
        Vector256<float> s00 = Vector256<float>.Zero, s01 = Vector256<float>.Zero, s02 = Vector256<float>.Zero;
        Vector256<float> s10 = Vector256<float>.Zero, s11 = Vector256<float>.Zero, s12 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero, s21 = Vector256<float>.Zero, s22 = Vector256<float>.Zero;
        Vector256<float> s30 = Vector256<float>.Zero, s31 = Vector256<float>.Zero, s32 = Vector256<float>.Zero;
        for (nuint i = 0; i < dimensions; i++)
        {
            Vector256<float> r0 = Vector256.LoadUnsafe(ref rows);
            Vector256<float> r1 = Vector256.LoadUnsafe(ref rows, 8);
            Vector256<float> r2 = Vector256.LoadUnsafe(ref rows, 16);
            Vector256<float> x = Vector256.Create(queries);
            s00 = Vector256.FusedMultiplyAdd(x, r0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, r1, s01);
            s02 = Vector256.FusedMultiplyAdd(x, r2, s02);
            x = Vector256.Create(Unsafe.Add(ref queries, 1));
            s10 = Vector256.FusedMultiplyAdd(x, r0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, r1, s11);
            s12 = Vector256.FusedMultiplyAdd(x, r2, s12);
            x = Vector256.Create(Unsafe.Add(ref queries, 2));
            s20 = Vector256.FusedMultiplyAdd(x, r0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, r1, s21);
            s22 = Vector256.FusedMultiplyAdd(x, r2, s22);
            x = Vector256.Create(Unsafe.Add(ref queries, 3));
            s30 = Vector256.FusedMultiplyAdd(x, r0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, r1, s31);
            s32 = Vector256.FusedMultiplyAdd(x, r2, s32);
            rows = ref Unsafe.Add(ref rows, PanelRows);
            queries = ref Unsafe.Add(ref queries, QueryTile);
        }

        s00.StoreUnsafe(ref products);
        s01.StoreUnsafe(ref products, 8);
        s02.StoreUnsafe(ref products, 16);
        s10.StoreUnsafe(ref products, stride);
        s11.StoreUnsafe(ref products, stride + 8);
        s12.StoreUnsafe(ref products, stride + 16);
        s20.StoreUnsafe(ref products, 2 * stride);
        s21.StoreUnsafe(ref products, (2 * stride) + 8);
        s22.StoreUnsafe(ref products, (2 * stride) + 16);
        s30.StoreUnsafe(ref products, 3 * stride);
        s31.StoreUnsafe(ref products, (3 * stride) + 8);
        s32.StoreUnsafe(ref products, (3 * stride) + 16);
    }
}
