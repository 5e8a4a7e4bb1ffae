using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>Finds the numbers that reach a threshold. Which ones do is a matter of chance, so no jump depends on it.</summary>
internal static class ReachingPlaces
{
    /// <summary>How many places more than there are numbers must be writable.</summary>
    public const int Room = 8;

    /// <summary>Writes the places of the numbers that are not below a threshold, in order.</summary>
    /// <param name="values">The numbers; NaN reaches nothing.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="first">The place of the first number.</param>
    /// <param name="places">Receives the places; longer by <see cref="Room"/> than <paramref name="values"/>.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(ReadOnlySpan<float> values, float threshold, int first, Span<int> places)
    {
        ref float value = ref MemoryMarshal.GetReference(values);
        ref int place = ref MemoryMarshal.GetReference(places[..(values.Length + Room)]);
        nuint length = (nuint)(uint)values.Length, i = 0, found = 0;
        if (Avx2.IsSupported)
        {
            ref readonly ulong masks = ref SetLanes.Masks;
            Vector256<float> least = Vector256.Create(threshold);
            for (; i + 8 <= length; i += 8)
            {
                uint reaching = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref value, i), least).ExtractMostSignificantBits();
                (SetLanes.InOrder(in masks, reaching) + Vector256.Create(first + (int)i)).StoreUnsafe(ref place, found);
                found += uint.PopCount(reaching);
            }
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref place, found) = first + (int)i;
            found += Unsafe.Add(ref value, i) >= threshold ? 1u : 0;
        }

        return (int)found;
    }
}
