using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Embeddings;

/// <summary>
/// Sixteen values that lie close where numbers of a normal distribution are frequent, and so leave a tenth less of them than even steps (J. Max, Quantizing for
/// minimum distortion, 1960, table I), as halves of whole numbers, so that integers multiply them exactly.
/// </summary>
internal readonly struct NormalQuantizer : IPlaneQuantizer
{
    /// <summary>The value of this many standard deviations is the largest one.</summary>
    public const float Deviations = 2.733f;

    /// <summary>The largest of the values.</summary>
    public const float Largest = 31.5f;

    /// <summary>The largest of the levels, twice the <see cref="Largest"/> of the values.</summary>
    public const int LargestLevel = 63;

    /// <summary>The values, raised by <see cref="Largest"/>, by code. They are the same for ever: stored codes depend on them.</summary>
    public static ReadOnlySpan<byte> Levels => [0, 8, 13, 17, 21, 24, 27, 30, 33, 36, 39, 42, 46, 50, 55, 63];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Nearest(Vector256<float> numbers)
    {
        Vector256<float> values = Vector256.Shuffle(Vector256.Create(1.5f, 4.5f, 7.5f, 10.5f, 14.5f, 18.5f, 23.5f, 31.5f), Cells(numbers));
        return values | (numbers & Vector256.Create(-0f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Codes(Vector256<float> numbers)
    {
        Vector256<int> negative = Vector256.ShiftRightArithmetic(numbers.AsInt32(), 31);
        return ((Cells(numbers) + Vector256.Create(8)) ^ negative) & Vector256.Create(15);
    }

    // How many of the limits between the positive values a number's size reaches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Cells(Vector256<float> numbers)
    {
        Vector256<float> size = Vector256.Abs(numbers);
        return -(Reaches(size, 3) + Reaches(size, 6) + Reaches(size, 9) + Reaches(size, 12.5f) + Reaches(size, 16.5f) + Reaches(size, 21) + Reaches(size, 27.5f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Reaches(Vector256<float> sizes, float limit) => Vector256.GreaterThanOrEqual(sizes, Vector256.Create(limit)).AsInt32();
}
