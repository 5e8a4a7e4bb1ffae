using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ZeroShotCir.Kernels;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Leaves out the items that stand on the same side of a threshold whatever β is. A score is linear in β, so an item that is above at 0
/// and above at 1 is above at every weight between, and only those that change sides have to be looked at weight by weight.
/// </summary>
/// <param name="low0">What is below this is below at β = 0 …</param>
/// <param name="high0">… and what is above this is above.</param>
/// <param name="low1">The same at β = 1.</param>
/// <param name="high1">The same at β = 1.</param>
internal readonly struct Sieve(float low0, float high0, float low1, float high1)
{
    /// <summary>How much longer than the items the room must be for those that are kept: a vector is written as a whole.</summary>
    public const int Overhang = 8;

    /// <summary>A sieve for scores that are rounded.</summary>
    /// <param name="images">The threshold's score at β = 0.</param>
    /// <param name="captions">The threshold's score at β = 1.</param>
    /// <param name="bound">What no score exceeds, in absolute value.</param>
    /// <remarks>
    /// With u = 2⁻²⁴ a score between the ends, <c>b + β·(c - b)</c>, is off by less than 3.1·u·bound: 2·u for the difference, one for the
    /// sum. So is the threshold's; and the limits are themselves off by 2·u. What is further than 16·u·bound away at both ends is decided.
    /// </remarks>
    public static Sieve Around(float images, float captions, float bound)
    {
        float slack = bound / (1 << 20);
        return new Sieve(images - slack, images + slack, captions - slack, captions + slack);
    }

    /// <summary>Sifts items.</summary>
    /// <param name="images">The items' scores at β = 0.</param>
    /// <param name="captions">Their scores at β = 1.</param>
    /// <param name="differences">Their differences.</param>
    /// <param name="keptImages">Receives the first of those that are kept; longer than the items by <see cref="Overhang"/>.</param>
    /// <param name="keptDifferences">Receives the last of those that are kept; as long.</param>
    /// <param name="above">How many are above at every weight.</param>
    /// <returns>How many are kept.</returns>
    public int Sift(
        ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> differences, Span<float> keptImages, Span<float> keptDifferences, out int above)
    {
        int kept = 0, position = 0;
        above = 0;
        if (Avx2.IsSupported)
        {
            position = images.Length / Vector256<float>.Count * Vector256<float>.Count;
            int room = position + Overhang;
            kept = SiftVectors(images[..position], captions[..position], differences[..position], keptImages[..room], keptDifferences[..room], out above);
        }

        for (; position < images.Length; position++)
        {
            float b = images[position], c = captions[position];
            bool low = (b < low0) & (c < low1), high = (b > high0) & (c > high1);
            above += high ? 1 : 0;
            keptImages[kept] = b;
            keptDifferences[kept] = differences[position];
            kept += low | high ? 0 : 1;
        }

        return kept;
    }

    // A method of its own, so that all it counts with stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int SiftVectors(
        ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> differences, Span<float> keptImages, Span<float> keptDifferences, out int above)
    {
        ref float image = ref MemoryMarshal.GetReference(images);
        ref float caption = ref MemoryMarshal.GetReference(captions);
        ref float difference = ref MemoryMarshal.GetReference(differences);
        ref float toImage = ref MemoryMarshal.GetReference(keptImages);
        ref float toDifference = ref MemoryMarshal.GetReference(keptDifferences);
        ref readonly ulong masks = ref SetLanes.Masks;
        Vector256<float> l0 = Vector256.Create(low0), h0 = Vector256.Create(high0), l1 = Vector256.Create(low1), h1 = Vector256.Create(high1);
        Vector256<int> highs = Vector256<int>.Zero;
        nuint length = (nuint)images.Length, kept = 0;
        for (nuint position = 0; position < length; position += (nuint)Vector256<float>.Count)
        {
            Vector256<float> b = Vector256.LoadUnsafe(ref image, position), c = Vector256.LoadUnsafe(ref caption, position);
            Vector256<float> low = Vector256.LessThan(b, l0) & Vector256.LessThan(c, l1);
            Vector256<float> high = Vector256.GreaterThan(b, h0) & Vector256.GreaterThan(c, h1);
            highs -= high.AsInt32();
            uint undecided = (low | high).ExtractMostSignificantBits() ^ 0xFF;
            Vector256<int> order = SetLanes.InOrder(in masks, undecided);
            Avx2.PermuteVar8x32(b, order).StoreUnsafe(ref toImage, kept);
            Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref difference, position), order).StoreUnsafe(ref toDifference, kept);
            kept += uint.PopCount(undecided);
        }

        above = Vector256.Sum(highs);
        return (int)kept;
    }
}
