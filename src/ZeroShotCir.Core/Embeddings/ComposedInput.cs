using ZeroShotCir.Imaging;

namespace ZeroShotCir.Embeddings;

/// <summary>Images and texts that a model reads together, in the order in which it reads them.</summary>
/// <remarks>Immutable; may be shared between threads.</remarks>
public sealed class ComposedInput
{
    /// <summary>Joins parts in an order of one's own. Nothing is put between them, not even a blank.</summary>
    /// <param name="parts">The parts; at least one.</param>
    /// <exception cref="ArgumentException">There is no part, or one is <see langword="null"/>.</exception>
    public ComposedInput(params IReadOnlyList<ComposedPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Contains(null!))
        {
            throw new ArgumentException("A composed input has at least one part, and none is null.", nameof(parts));
        }

        Parts = [.. parts];
    }

    /// <summary>Joins reference images and the text that modifies them: the images first, as models are trained.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="images">The images; may be none.</param>
    public ComposedInput(string text, params IReadOnlyList<ImageData> images)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(images);
        Parts = [.. images.Select(ComposedPart.FromImage), ComposedPart.FromText(text)];
    }

    /// <summary>The parts, in the order in which the model reads them.</summary>
    public IReadOnlyList<ComposedPart> Parts { get; }
}
