using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Sixteen sums in four registers of 128 bits, which every vector processor has.</summary>
internal readonly struct SixteenSums128 : ISixteenSums<SixteenSums128>
{
    private readonly Vector128<int> _first;
    private readonly Vector128<int> _second;
    private readonly Vector128<int> _third;
    private readonly Vector128<int> _fourth;

    private SixteenSums128(Vector128<int> first, Vector128<int> second, Vector128<int> third, Vector128<int> fourth)
    {
        _first = first;
        _second = second;
        _third = third;
        _fourth = fourth;
    }

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenSums128 Create(int value)
    {
        Vector128<int> sums = Vector128.Create(value);
        return new SixteenSums128(sums, sums, sums, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenSums128 MultiplyAdd(SixteenSums128 sums, ref readonly byte source, int weight)
    {
        Vector128<int> weights = Vector128.Create(weight);
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(Vector128.LoadUnsafe(in source));
        return new SixteenSums128(
            sums._first + (Vector128.WidenLower(lower).AsInt32() * weights),
            sums._second + (Vector128.WidenUpper(lower).AsInt32() * weights),
            sums._third + (Vector128.WidenLower(upper).AsInt32() * weights),
            sums._fourth + (Vector128.WidenUpper(upper).AsInt32() * weights));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SixteenSums128 sums, ref byte destination)
        => Vector128.Narrow(
            Vector128.Narrow(ToBytes(sums._first), ToBytes(sums._second)),
            Vector128.Narrow(ToBytes(sums._third), ToBytes(sums._fourth))).StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToBytes(Vector128<int> sums)
        => Vector128.Min(Vector128.Max(sums >> ResampleWeights.FractionBits, default), Vector128.Create(255)).AsUInt32();
}
