using System.Numerics.Tensors;

namespace ZeroShotCir.Embeddings;

/// <summary>Splits raw embeddings into direction and length, the form in which galleries keep them.</summary>
internal static class UnitRows
{
    /// <returns>The length.</returns>
    /// <exception cref="InvalidEmbeddingException">The embedding is not finite, or zero; the message begins with <paramref name="what"/>.</exception>
    public static float Split(ReadOnlySpan<float> raw, Span<float> unit, string what)
    {
        EmbeddingGuard.ThrowIfNotFinite(raw, what);
        float length = (float)UnitVector.Length(raw);
        if (!(length > 0 && float.IsFinite(length)))
        {
            throw new InvalidEmbeddingException(
                $"{what} has the length {length}, so that it {(length > 0 ? "cannot be represented" : "has no direction")}. Check the model's output for this input.");
        }

        UnitVector.Normalize(raw, unit);
        return length;
    }

    public static EmbeddingMatrix Split(EmbeddingMatrix raw, Func<int, string> what, out float[] lengths)
    {
        EmbeddingMatrix unit = EmbeddingMatrix.Allocate(raw.Rows, raw.Dimensions, out Memory<float> values);
        lengths = new float[raw.Rows];
        for (int row = 0; row < raw.Rows; row++)
        {
            lengths[row] = Split(raw[row], values.Span.Slice(row * raw.Dimensions, raw.Dimensions), what(row));
        }

        return unit;
    }

    public static void Restore(ReadOnlySpan<float> unit, float length, Span<float> raw) => TensorPrimitives.Multiply(unit, length, raw);
}
