using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Sixteen sums in one register of AVX-512.</summary>
internal readonly struct SixteenSums512 : ISixteenSums<SixteenSums512>
{
    private readonly Vector512<int> _sums;

    private SixteenSums512(Vector512<int> sums) => _sums = sums;

    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenSums512 Create(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenSums512 MultiplyAdd(SixteenSums512 sums, ref readonly byte source, int weight)
        => new(sums._sums + (Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(in source)) * Vector512.Create(weight)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SixteenSums512 sums, ref byte destination)
        => Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(sums._sums >> ResampleWeights.FractionBits, default).AsUInt32())
            .StoreUnsafe(ref destination);
}
