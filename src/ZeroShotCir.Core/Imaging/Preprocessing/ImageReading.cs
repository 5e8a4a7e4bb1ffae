using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>How image files become the pixels that a model's own preprocessing takes: what galleries remember beside the model.</summary>
public sealed record ImageReading
{
    /// <summary>Whether pictures are turned upright.</summary>
    /// <value>The default value is <see cref="ImageOrientation.Apply"/>.</value>
    public ImageOrientation Orientation { get; init; }

    /// <summary>Which pass of a resize runs first.</summary>
    /// <value>The default value is <see cref="ResizeOrder.Pillow12"/>.</value>
    public ResizeOrder ResizeOrder { get; init; }

    /// <summary>Whether pictures are decoded smaller where they can be.</summary>
    /// <value>The default value is <see cref="ImageResolution.Full"/>.</value>
    public ImageResolution Resolution { get; init; }

    /// <summary>The <see cref="IImageDecoder.Name"/> of the decoder, a chain's names joined by <c>+</c>; <see langword="null"/> where nobody said.</summary>
    public string? Decoder { get; init; }

    /// <summary>What galleries had before they remembered it.</summary>
    internal static ImageReading Old { get; } = new() { Orientation = ImageOrientation.Ignore };

    /// <summary>Why images read in these two ways must not stand beside each other; <see langword="null"/> where they may.</summary>
    internal string? Contradicts(ImageReading other, bool alsoDecoder)
    {
        if (Orientation != other.Orientation)
        {
            return $"{Describe(Orientation)}, not {Describe(other.Orientation)}";
        }

        if (ResizeOrder != other.ResizeOrder)
        {
            return $"resized in the order of {ResizeOrder}, not of {other.ResizeOrder}";
        }

        if (Resolution != other.Resolution)
        {
            return $"{Describe(Resolution)}, not {Describe(other.Resolution)}";
        }

        // A longer chain reads what the shorter one does by the same decoder, and more.
        bool sameDecoder = Decoder is null || other.Decoder is null || Decoder == other.Decoder
            || Decoder.StartsWith(other.Decoder + "+", StringComparison.Ordinal) || other.Decoder.StartsWith(Decoder + "+", StringComparison.Ordinal);
        return alsoDecoder && !sameDecoder ? $"decoded by '{Decoder}', not by '{other.Decoder}'" : null;
    }

    private static string Describe(ImageOrientation orientation) => orientation == ImageOrientation.Apply ? "turned upright" : "taken as they are stored";

    private static string Describe(ImageResolution resolution) => resolution == ImageResolution.Full ? "decoded with all their pixels" : "decoded at reduced resolution";
}
