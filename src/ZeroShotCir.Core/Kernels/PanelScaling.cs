using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>How a vector is scaled to integers for the batch tile, and how far the tile's products may be off. See docs/certified-scan.md.</summary>
/// <param name="Length">An upper bound of the Euclidean length, never 0.</param>
/// <param name="Scale">The factor before rounding to int16.</param>
/// <param name="IsBounded">Whether the bounds hold: false for vectors that are not finite or absurdly long.</param>
internal readonly record struct PanelScaling(float Length, float Scale, bool IsBounded)
{
    /// <summary>The most components for which the bounds are of use; longer vectors are searched one query at a time.</summary>
    public const int MaxDimensions = 1 << 16;

    /// <summary>Added to a number of at most 2²², it leaves the nearest integer in the low bits.</summary>
    public const float RoundingMagic = 1.5f * (1 << 23);

    // √2³¹ rounded down: two vectors no longer than this have a product that fits an int32, and so have all partial sums.
    private const float LongestInteger = 46340;

    private const float LargestElement = 32766;
    private const float ShortestLength = 1f / (1L << 40);
    private const float LongestLength = 1L << 50;

    /// <summary>Measures a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PanelScaling For(ReadOnlySpan<float> vector)
    {
        Measure(vector, out float squares, out float magnitude);

        // The relative error of a sum of D squares is below (D + 1)·2⁻²⁴ in any order, half of that after the root.
        float length = MathF.Sqrt(squares) * (1 + ((vector.Length + 16) / (float)(1 << 24)));
        length = Math.Max(length, ShortestLength);
        float largest = Math.Max(magnitude, ShortestLength / LargestElement);
        float longest = LongestInteger - 2 - (0.51f * MathF.Sqrt(vector.Length));
        return new PanelScaling(length, Math.Min(longest / length, LargestElement / largest), length <= LongestLength);
    }

    // Compiled once: a library's loops run slowly until the runtime has found them to be hot, and the first batch would pay for it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Measure(ReadOnlySpan<float> vector, out float squares, out float magnitude)
    {
        ref float first = ref MemoryMarshal.GetReference(vector);
        Vector<float> sums = Vector<float>.Zero, moreSums = sums, largest = sums;
        int d = 0;
        for (; d + (2 * Vector<float>.Count) <= vector.Length; d += 2 * Vector<float>.Count)
        {
            Vector<float> some = Vector.LoadUnsafe(ref first, (nuint)d), more = Vector.LoadUnsafe(ref first, (nuint)(d + Vector<float>.Count));
            sums += some * some;
            moreSums += more * more;
            largest = Vector.Max(largest, Vector.Max(Vector.Abs(some), Vector.Abs(more)));
        }

        squares = Vector.Sum(sums + moreSums);
        magnitude = 0;
        for (int i = 0; i < Vector<float>.Count; i++)
        {
            magnitude = Math.Max(magnitude, largest[i]);
        }

        for (; d < vector.Length; d++)
        {
            squares += vector[d] * vector[d];
            magnitude = Math.Max(magnitude, Math.Abs(vector[d]));
        }
    }

    /// <summary>The slack of the integer tile, in products of integers, the same for every pair of vectors.</summary>
    public static float IntegerSlack(int dimensions)
        => (1.005f * MathF.Sqrt(dimensions) * LongestInteger) + (128f * ((dimensions / 16) + 32));

    /// <summary>The slack of the float tile for a query, per length of a row.</summary>
    public static float FloatSlack(float length, int dimensions) => length * ((dimensions * 1.07f) + 40) / (1 << 24);

    /// <summary>The nearest integer of a scaled component; computed as <see cref="ISimd{TFloat,TInt}.ToPairs"/> does.</summary>
    public static int Quantize(float component, float scale)
        => BitConverter.SingleToInt32Bits((component * scale) + RoundingMagic) - BitConverter.SingleToInt32Bits(RoundingMagic);
}
