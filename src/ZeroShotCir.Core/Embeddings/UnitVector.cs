using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Embeddings;

/// <summary>L2 normalization, in one place so that every stage rounds alike.</summary>
public static class UnitVector
{
    // Between them the reciprocal is within float32's range.
    private const double Shortest = 1e-18;
    private const double Longest = 1e18;

    /// <summary>Writes <paramref name="source"/> scaled to Euclidean length 1. A zero vector stays zero: it has no direction.</summary>
    /// <param name="source">The vector; every component finite.</param>
    /// <param name="destination">At least as long as <paramref name="source"/>; may be the same memory.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short, or begins elsewhere in the same memory.</exception>
    /// <exception cref="InvalidEmbeddingException">A component is NaN or infinite.</exception>
    public static void Normalize(ReadOnlySpan<float> source, Span<float> destination)
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
        {
            throw new ArgumentException(
                $"The destination begins {offset} components behind the source in the same memory; give the source's own memory, or other.", nameof(destination));
        }

        if (!TryFactor(source, out float factor))
        {
            double length = Length(source);
            if (!double.IsFinite(length))
            {
                EmbeddingGuard.ThrowIfNotFinite(source, "The vector to normalise");
            }

            if (length is > 0 and (< Shortest or > Longest))
            {
                for (int i = 0; i < source.Length; i++)
                {
                    destination[i] = (float)(source[i] / length);
                }

                return;
            }

            factor = length > 0 ? (float)(1 / length) : 0;
        }

        Scale(source, factor, destination[..source.Length]);
    }

    /// <summary>The Euclidean length, summed in double so that neither tiny nor huge components are lost.</summary>
    /// <param name="vector">The vector.</param>
    /// <returns>The length; NaN or infinite if a component is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Length(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float component in vector)
        {
            sum += (double)component * component;
        }

        return Math.Sqrt(sum);
    }

    // The squares of floats are exact in double, so sums of them in two orders differ by little more than two roundings for each component. Where
    // both ends of that give the same factor, so does the sum in order, which takes several times as long: nearly always.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryFactor(ReadOnlySpan<float> vector, out float factor)
    {
        ReadOnlySpan<Vector<float>> whole = MemoryMarshal.Cast<float, Vector<float>>(vector);
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        foreach (Vector<float> some in whole)
        {
            Vector.Widen(some, out Vector<double> low, out Vector<double> high);
            even += low * low;
            odd += high * high;
        }

        double sum = Vector.Sum(even + odd);
        for (int i = whole.Length * Vector<float>.Count; i < vector.Length; i++)
        {
            sum += (double)vector[i] * vector[i];
        }

        double error = sum * (vector.Length + 2) * (1.01 / (1L << 52));
        double least = Math.Sqrt(sum - error), most = Math.Sqrt(sum + error);
        factor = (float)(1 / least);
        return least >= Shortest && most <= Longest && factor == (float)(1 / most);
    }

    // What TensorPrimitives does, but compiled at once: a first evaluation or index normalizes all it has before theirs is optimized.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<float> source, float factor, Span<float> destination)
    {
        ReadOnlySpan<Vector<float>> from = MemoryMarshal.Cast<float, Vector<float>>(source);
        Span<Vector<float>> to = MemoryMarshal.Cast<float, Vector<float>>(destination)[..from.Length];
        Vector<float> factors = new(factor);
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i] * factors;
        }

        for (int i = from.Length * Vector<float>.Count; i < source.Length; i++)
        {
            destination[i] = source[i] * factor;
        }
    }
}
