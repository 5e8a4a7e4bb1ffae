using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>The arithmetic that linear fusions share; sums in double so that tiny and huge components survive.</summary>
internal static class LinearCombination
{
    public static void Fuse(ILinearFusion fusion, ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query)
    {
        FusionGuard.CheckInputs(image, text, query);
        double imageLength = UnitVector.Length(image);
        double textLength = UnitVector.Length(text);
        double lengths = imageLength * textLength;
        double cosine = lengths > 0 ? Dot(image, text) / lengths : 0;
        (double imageWeight, double textWeight) = fusion.Weigh(imageLength, textLength, cosine);
        for (int i = 0; i < query.Length; i++)
        {
            query[i] = (float)((imageWeight * image[i]) + (textWeight * text[i]));
        }

        FusionGuard.NormalizeResult(query);
    }

    // A zero vector has no direction and contributes nothing.
    public static FusionWeights PerUnitLength(double image, double imageLength, double text, double textLength)
        => new(imageLength > 0 ? image / imageLength : 0, textLength > 0 ? text / textLength : 0);

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
