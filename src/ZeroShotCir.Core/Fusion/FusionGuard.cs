using System.Runtime.CompilerServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>What every fusion checks before it reads and after it has written.</summary>
internal static class FusionGuard
{
    public static void ThrowIfNotAShare(double value, string what, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{what} must lie in [0, 1].");
        }
    }

    public static void ThrowIfNotFinite(double value, string what, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{what} must be a finite number.");
        }
    }

    public static void CheckInputs(ReadOnlySpan<float> image, ReadOnlySpan<float> text, ReadOnlySpan<float> query)
    {
        if (image.IsEmpty)
        {
            throw new InvalidEmbeddingException("The image embedding has 0 dimensions; at least 1 is needed.");
        }

        EmbeddingGuard.ThrowIfNotFinite(image, "The image embedding");
        CheckInput(text, image.Length, "The text embedding");
        EmbeddingGuard.ThrowIfDimensionsDiffer(query.Length, image.Length, "The destination of the query");
    }

    public static void CheckInput(ReadOnlySpan<float> vector, int dimensions, string what)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(vector.Length, dimensions, what);
        EmbeddingGuard.ThrowIfNotFinite(vector, what);
    }

    public static void CheckScores(ReadOnlySpan<float> imageScores, ReadOnlySpan<float> textScores, ReadOnlySpan<float> scores)
    {
        if (textScores.Length != imageScores.Length)
        {
            throw new ArgumentException(
                $"There are {textScores.Length} similarities to the text and {imageScores.Length} to the image; both need one per gallery item.", nameof(textScores));
        }

        if (scores.Length != imageScores.Length)
        {
            throw new ArgumentException(
                $"The destination holds {scores.Length} scores, expected one for each of {imageScores.Length} gallery items.", nameof(scores));
        }
    }

    public static void NormalizeResult(Span<float> query)
    {
        UnitVector.Normalize(query, query);
        if (!query.ContainsAnyExcept(0f))
        {
            throw new InvalidEmbeddingException(
                "Image and text cancel each other out or are both zero, so the query has no direction. Choose another weight or check the encoders.");
        }
    }
}
