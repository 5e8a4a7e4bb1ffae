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
    /// <summary>See <see cref="ITile.Reaching"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Reaching(
        ref readonly float sums, ref readonly float scales, ref readonly float margins, float slack, float threshold)
    {
        TFloat slacks = TSimd.Broadcast(slack), thresholds = TSimd.Broadcast(threshold);
        ulong reaching = Reaching(in sums, in scales, in margins, slacks, thresholds, 0);
        reaching |= Reaching(in sums, in scales, in margins, slacks, thresholds, TSimd.Width) << TSimd.Width;
        return reaching | (Reaching(in sums, in scales, in margins, slacks, thresholds, 2 * TSimd.Width) << (2 * TSimd.Width));
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
