using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>The lanes of a mask of eight whose bits are set, in order: what packs them to the left.</summary>
internal static class SetLanes
{
    // A byte for each lane.
    private static readonly ulong[] Packed = [.. Enumerable.Range(0, 256).Select(PackedOf)];

    /// <summary>The lanes of every mask, for <see cref="InOrder"/>; to be read before a loop.</summary>
    public static ref readonly ulong Masks => ref MemoryMarshal.GetArrayDataReference(Packed);

    /// <summary>The lanes of a mask; those after the last are 0. Needs AVX2.</summary>
    /// <param name="masks"><see cref="Masks"/>.</param>
    /// <param name="mask">At most 255.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> InOrder(ref readonly ulong masks, uint mask)
        => Avx2.ConvertToVector256Int32(Vector128.CreateScalar(Unsafe.Add(ref Unsafe.AsRef(in masks), mask)).AsByte());

    private static ulong PackedOf(int mask)
    {
        ulong lanes = 0;
        for (int lane = 7; lane >= 0; lane--)
        {
            lanes = (mask >> lane & 1) != 0 ? (lanes << 8) | (uint)lane : lanes;
        }

        return lanes;
    }
}
