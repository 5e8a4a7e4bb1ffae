using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Embeddings;

/// <summary>Refuses embeddings that would silently poison a ranking.</summary>
public static class EmbeddingGuard
{
    /// <summary>Throws unless every component is finite.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="what">What the vector is, to begin the message with: "The text embedding".</param>
    /// <exception cref="InvalidEmbeddingException">A component is NaN or infinite; the message says which.</exception>
    public static void ThrowIfNotFinite(ReadOnlySpan<float> vector, string what)
    {
        if (AreSurelyFinite(vector))
        {
            return;
        }

        for (int i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
            {
                throw new InvalidEmbeddingException(
                    $"{what} has the value {vector[i]} at position {i}; every component must be a finite number. Check the model's output for this input.");
            }
        }
    }

    /// <summary>Throws unless every component of every row is finite.</summary>
    /// <param name="matrix">The embeddings.</param>
    /// <param name="what">What a row is, to begin the message with: "The gallery embedding".</param>
    /// <exception cref="InvalidEmbeddingException">A component is NaN or infinite; the message says which row.</exception>
    public static void ThrowIfNotFinite(EmbeddingMatrix matrix, string what)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> vector = matrix[row];
            if (!AreSurelyFinite(vector))
            {
                ThrowIfNotFinite(vector, $"{what} of row {row}");
            }
        }
    }

    /// <summary>Throws unless a vector has the expected dimension.</summary>
    /// <param name="actual">The dimension given.</param>
    /// <param name="expected">The dimension expected.</param>
    /// <param name="what">What the vector is, to begin the message with: "The query".</param>
    /// <exception cref="InvalidEmbeddingException">They differ.</exception>
    public static void ThrowIfDimensionsDiffer(int actual, int expected, string what)
    {
        if (actual != expected)
        {
            throw new InvalidEmbeddingException(
                $"{what} has {actual} dimensions, expected {expected}. Encode both sides with the same model.");
        }
    }

    // A number that is not finite makes the sum so: one pass without branches clears all others. Finite numbers whose sum overflows are looked at one by one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreSurelyFinite(ReadOnlySpan<float> vector)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(vector);
        Vector<float> even = Vector<float>.Zero, odd = Vector<float>.Zero;
        int i = 0;
        for (; i + 2 <= vectors.Length; i += 2)
        {
            even += Vector.Abs(vectors[i]);
            odd += Vector.Abs(vectors[i + 1]);
        }

        float sum = Vector.Sum(even + odd);
        for (i *= Vector<float>.Count; i < vector.Length; i++)
        {
            sum += MathF.Abs(vector[i]);
        }

        return float.IsFinite(sum);
    }
}
