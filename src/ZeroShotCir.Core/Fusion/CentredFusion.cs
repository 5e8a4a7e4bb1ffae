using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Fusion;

/// <summary>The weighted sum of centred halves, <c>q = normalise((1-α)·c(image) + α·c(text))</c>, each centred by its own modality's mean.</summary>
/// <remarks>Compare such a query with gallery rows that <see cref="ImageCentre"/> has centred, too. Immutable; serves concurrent callers.</remarks>
public sealed class CentredFusion : IQueryFusion
{
    private readonly WeightedFusion _sum;

    /// <summary>Creates the fusion.</summary>
    /// <param name="alpha">The weight of the text, in [0, 1].</param>
    /// <param name="imageCentre">The centre of the images.</param>
    /// <param name="textCentre">The centre of the texts.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not in [0, 1].</exception>
    /// <exception cref="InvalidEmbeddingException">The centres differ in dimension.</exception>
    public CentredFusion(double alpha, ModalityCentre imageCentre, ModalityCentre textCentre)
    {
        ArgumentNullException.ThrowIfNull(imageCentre);
        ArgumentNullException.ThrowIfNull(textCentre);
        EmbeddingGuard.ThrowIfDimensionsDiffer(textCentre.Dimensions, imageCentre.Dimensions, "The centre of the texts");
        _sum = new WeightedFusion(alpha);
        ImageCentre = imageCentre;
        TextCentre = textCentre;
    }

    /// <summary>The weight of the text, in [0, 1].</summary>
    public double Alpha => _sum.Alpha;

    /// <summary>The centre of the images.</summary>
    public ModalityCentre ImageCentre { get; }

    /// <summary>The centre of the texts.</summary>
    public ModalityCentre TextCentre { get; }

    /// <inheritdoc/>
    public void Fuse(ReadOnlySpan<float> image, ReadOnlySpan<float> text, Span<float> query)
    {
        FusionGuard.CheckInputs(image, text, query);
        float[] centredImage = new float[image.Length];
        float[] centredText = new float[text.Length];
        ImageCentre.Centre(image, centredImage);
        TextCentre.Centre(text, centredText);
        _sum.Fuse(centredImage, centredText, query);
    }
}
