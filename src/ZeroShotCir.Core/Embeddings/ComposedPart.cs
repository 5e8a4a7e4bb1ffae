using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>A part of a <see cref="ComposedInput"/>: either an image or a text.</summary>
/// <remarks>Immutable; may be shared between threads.</remarks>
public sealed class ComposedPart
{
    private ComposedPart(ImageData? image, string? text)
    {
        Image = image;
        Text = text;
    }

    /// <summary>The image; <see langword="null"/> for a text.</summary>
    public ImageData? Image { get; }

    /// <summary>The text, which may be empty; <see langword="null"/> for an image.</summary>
    public string? Text { get; }

    /// <summary>A part that is an image.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The part.</returns>
    public static ComposedPart FromImage(ImageData image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new ComposedPart(image, null);
    }

    /// <summary>A part that is a text.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <returns>The part.</returns>
    public static ComposedPart FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ComposedPart(null, text);
    }
}
