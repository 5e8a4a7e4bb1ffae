using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>
/// The one order of additions in which every score that leaves the library is computed, so that it is the same number
/// on every processor, thread count, batch size and precision.
/// </summary>
/// <remarks>
/// Sixteen lanes. Component <c>d</c> of the whole sixteens goes to lane <c>d % 16</c>; the <c>r</c> components left over go
/// to the <em>last</em> <c>r</c> lanes, where a load that ends at the row's end finds them. Each lane adds its products in
/// rising order from +0 by fused multiply-adds: product and sum are rounded once.
/// Lanes <c>j</c> and <c>j + 8</c> are added, then <c>j</c> and <c>j + 4</c>, then (0 + 1) + (2 + 3).
/// A lane never is -0, since it starts at +0, so products with the padding's zeros do not change it.
/// </remarks>
internal static class CanonicalScore
{
    /// <summary>The number of lanes.</summary>
    public const int Lanes = 16;

    /// <summary>The length of a query as <see cref="Pad"/> writes it.</summary>
    public static int PaddedLength(int dimensions) => (dimensions + Lanes - 1) / Lanes * Lanes;

    /// <summary>Writes a query so that kernels need no special case but the place of the last load: the tail in the last lanes, zeros before it.</summary>
    public static void Pad(ReadOnlySpan<float> query, Span<float> padded)
    {
        int whole = query.Length / Lanes * Lanes;
        query[..whole].CopyTo(padded);
        if (whole < query.Length)
        {
            Span<float> tail = padded.Slice(whole, Lanes);
            tail.Clear();
            query[whole..].CopyTo(tail[(Lanes - (query.Length - whole))..]);
        }
    }

    /// <summary>Scores four rows that are shorter than the lanes.</summary>
    public static Vector128<float> ScoreShort(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions)
        => Vector128.Create(
            ScoreShort(in query, in row0, dimensions), ScoreShort(in query, in row1, dimensions),
            ScoreShort(in query, in row2, dimensions), ScoreShort(in query, in row3, dimensions));

    /// <summary>The last step for four rows: (0 + 1) + (2 + 3) of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AddLanes(Vector128<float> row0, Vector128<float> row1, Vector128<float> row2, Vector128<float> row3)
    {
        if (Sse3.IsSupported)
        {
            return Sse3.HorizontalAdd(Sse3.HorizontalAdd(row0, row1), Sse3.HorizontalAdd(row2, row3));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(row0, row1), AdvSimd.Arm64.AddPairwise(row2, row3));
        }

        return Vector128.Create(AddLanes(row0), AddLanes(row1), AddLanes(row2), AddLanes(row3));
    }

    private static float AddLanes(Vector128<float> row) => (row[0] + row[1]) + (row[2] + row[3]);

    private static float ScoreShort(ref readonly float query, ref readonly float row, int dimensions)
    {
        Span<float> products = stackalloc float[Lanes];
        products.Clear();
        ReadOnlySpan<float> components = MemoryMarshal.CreateReadOnlySpan(in row, dimensions);
        for (int d = 0; d < components.Length; d++)
        {
            int lane = Lanes - dimensions + d;
            products[lane] = MathF.FusedMultiplyAdd(Unsafe.Add(ref Unsafe.AsRef(in query), lane), components[d], 0f);
        }

        for (int half = Lanes / 2; half >= 4; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
            {
                products[lane] += products[lane + half];
            }
        }

        return (products[0] + products[1]) + (products[2] + products[3]);
    }
}
