using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Compares the bounds of a tile's products with a threshold, a vector at a time.</summary>
/// <typeparam name="TSimd">The operations.</typeparam>
/// <typeparam name="TFloat">Their vector of floats.</typeparam>
/// <typeparam name="TInt">Their vector of ints.</typeparam>
internal static class TileBounds<TSimd, TFloat, TInt>
    where TSimd : struct, ISimd<TFloat, TInt>
    where TFloat : struct
    where TInt : struct
{
    /// <summary>A bit for each row of whose bound sum · scale + margin · slack it is not certain that it stays below the threshold.</summary>
    /// <param name="sums">The products of one query with a panel.</param>
    /// <param name="rows">The number of rows in the panel: two or three vectors.</param>
    /// <param name="scales">A factor for each row's product.</param>
    /// <param name="margins">A factor for each row's slack.</param>
    /// <param name="slack">The query's slack.</param>
    /// <param name="threshold">What must be reached.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Reaching(
        ref readonly float sums, int rows, ref readonly float scales, ref readonly float margins, float slack, float threshold)
    {
        TFloat slacks = TSimd.Broadcast(slack), thresholds = TSimd.Broadcast(threshold);
        ulong reaching = Reaching(in sums, in scales, in margins, slacks, thresholds, 0);
        reaching |= Reaching(in sums, in scales, in margins, slacks, thresholds, TSimd.Width) << TSimd.Width;
        return rows == 2 * TSimd.Width
            ? reaching
            : reaching | (Reaching(in sums, in scales, in margins, slacks, thresholds, 2 * TSimd.Width) << (2 * TSimd.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reaching(
        ref readonly float sums, ref readonly float scales, ref readonly float margins, TFloat slacks, TFloat thresholds, int start)
    {
        TFloat margin = TSimd.Multiply(TSimd.Load(in margins, (nuint)start), slacks);
        TFloat bound = TSimd.MultiplyAdd(TSimd.Load(in sums, (nuint)start), TSimd.Load(in scales, (nuint)start), margin);
        return TSimd.NotLess(bound, thresholds);
    }
}
