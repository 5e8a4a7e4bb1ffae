using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>The encoders whose embeddings a gallery holds: embeddings of other encoders must not be compared with them.</summary>
public sealed record GalleryModel
{
    /// <summary>Names the encoders of a gallery.</summary>
    /// <param name="imageModelId">The <see cref="EncoderInfo.ModelId"/> of the image encoder: weights, preprocessing and precision.</param>
    /// <param name="textModelId">That of the text encoder; <see langword="null"/> where no text has been encoded yet.</param>
    /// <param name="dimensions">The number of components of an embedding; at least 1.</param>
    public GalleryModel(string imageModelId, string? textModelId, int dimensions)
    {
        ImageModelId = imageModelId;
        TextModelId = textModelId;
        Dimensions = dimensions;
    }

    /// <summary>The <see cref="EncoderInfo.ModelId"/> of the image encoder: weights, preprocessing and precision.</summary>
    public string ImageModelId { get; init; }

    /// <summary>That of the text encoder; <see langword="null"/> where no text has been encoded yet.</summary>
    public string? TextModelId { get; init; }

    /// <summary>The number of components of an embedding; at least 1.</summary>
    public int Dimensions { get; init; }

    /// <summary>How image files were read.</summary>
    /// <value>The default value is <see langword="null"/>: nobody said. A gallery that does not say was read as before it was said: unturned, in the order of Pillow 12.</value>
    public ImageReading? Reading { get; init; }

    /// <summary>Whether the leading components of an embedding, scaled to unit length again, are an embedding, too (Matryoshka): see <see cref="Gallery.Cut(int)"/>.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool CanBeCut { get; init; }

    /// <summary>The identity of a pair of encoders.</summary>
    /// <param name="imageEncoder">The image encoder.</param>
    /// <param name="textEncoder">The text encoder, where there is one.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="InvalidEmbeddingException">The encoders write different dimensions.</exception>
    /// <exception cref="ArgumentException">An encoder writes queries; what lies in a gallery is a document.</exception>
    public static GalleryModel FromEncoders(IImageEncoder imageEncoder, ITextEncoder? textEncoder = null)
    {
        ArgumentNullException.ThrowIfNull(imageEncoder);
        ThrowIfQueries(imageEncoder.Info, "image", nameof(imageEncoder));
        if (textEncoder is not null)
        {
            ThrowIfQueries(textEncoder.Info, "text", nameof(textEncoder));
            EmbeddingGuard.ThrowIfDimensionsDiffer(
                textEncoder.Info.Dimensions, imageEncoder.Info.Dimensions, $"The text encoder '{textEncoder.Info.ModelId}'");
        }

        return new GalleryModel(imageEncoder.Info.ModelId, textEncoder?.Info.ModelId, imageEncoder.Info.Dimensions)
        {
            Reading = imageEncoder.Info.Reading,
            CanBeCut = imageEncoder.Info.CanBeCut,
        };
    }

    /// <summary>Refuses encoders that are not those of this gallery.</summary>
    /// <param name="imageEncoder">What the image encoder writes, or <see langword="null"/> to leave it unchecked.</param>
    /// <param name="textEncoder">What the text encoder writes, or <see langword="null"/> to leave it unchecked.</param>
    /// <param name="composedEncoder">What the encoder of images and texts together writes, or <see langword="null"/> to leave it unchecked.</param>
    /// <exception cref="InvalidGalleryException">An encoder is another one; the message names both.</exception>
    public void ThrowIfOther(EncoderInfo? imageEncoder, EncoderInfo? textEncoder, EncoderInfo? composedEncoder = null)
    {
        Check(imageEncoder, ImageModelId, "image encoder");
        Check(composedEncoder, ImageModelId, "composed encoder");
        ThrowIfOther(imageEncoder?.Reading, alsoDecoder: false);
        Check(textEncoder, TextModelId, "text encoder");
    }

    internal GalleryModel Cut(int dimensions) => this with
    {
        ImageModelId = EncoderInfo.NameOfCut(ImageModelId, dimensions),
        TextModelId = TextModelId is null ? null : EncoderInfo.NameOfCut(TextModelId, dimensions),
        Dimensions = dimensions,
    };

    internal void ThrowIfOther(ImageReading? given, bool alsoDecoder)
    {
        if (given is not null && Reading?.Contradicts(given, alsoDecoder) is { } contradiction)
        {
            throw new InvalidGalleryException(
                $"The pictures of the gallery were {contradiction}: they could not be compared with what is asked for. "
                + "Leave --orientation, --resize-order and --resolution out (read as the gallery does), or encode all pictures again (--rebuild).");
        }
    }

    private static void ThrowIfQueries(EncoderInfo encoder, string what, string parameter)
    {
        if (encoder.Role == EncodingRole.Query)
        {
            throw new ArgumentException(
                $"The {what} encoder '{encoder.ModelId}' writes queries, and what lies in a gallery are documents. "
                + $"Make one of the role {EncodingRole.Document}.", parameter);
        }
    }

    private void Check(EncoderInfo? given, string? expected, string what)
    {
        if (given is null)
        {
            return;
        }

        if (given.Dimensions != Dimensions)
        {
            throw new InvalidGalleryException(
                $"The gallery holds embeddings of {Dimensions} dimensions, the {what} '{given.ModelId}' writes {given.Dimensions}. "
                + $"Use the model the gallery was indexed with, '{ImageModelId}', or index it again.");
        }

        if (expected is not null && given.Space != expected)
        {
            throw new InvalidGalleryException(
                $"The gallery was indexed with the {what} '{expected}', given was '{given.ModelId}': their embeddings cannot be compared. "
                + "Use the same model or index the images again.");
        }
    }
}
