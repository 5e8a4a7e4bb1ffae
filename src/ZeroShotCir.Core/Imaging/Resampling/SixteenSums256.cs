using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Sixteen sums in two registers of AVX2.</summary>
internal readonly struct SixteenSums256 : ISixteenSums<SixteenSums256>
{
    private readonly Vector256<int> _lower;
    private readonly Vector256<int> _upper;

    private SixteenSums256(Vector256<int> lower, Vector256<int> upper)
    {
        _lower = lower;
        _upper = upper;
    }

    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenSums256 Create(int value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SixteenSums256 MultiplyAdd(SixteenSums256 sums, ref readonly byte source, int weight)
    {
        Vector256<int> weights = Vector256.Create(weight);
        Vector128<byte> bytes = Vector128.LoadUnsafe(in source);
        return new SixteenSums256(
            sums._lower + (Avx2.ConvertToVector256Int32(bytes) * weights),
            sums._upper + (Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(bytes, 8)) * weights));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SixteenSums256 sums, ref byte destination)
    {
        // Packing works within the halves of a register: its result is put in order afterwards.
        Vector256<short> packed = Avx2.PackSignedSaturate(sums._lower >> ResampleWeights.FractionBits, sums._upper >> ResampleWeights.FractionBits);
        Vector256<short> ordered = Avx2.Permute4x64(packed.AsInt64(), 0b11_01_10_00).AsInt16();
        Sse2.PackUnsignedSaturate(ordered.GetLower(), ordered.GetUpper()).StoreUnsafe(ref destination);
    }
}
