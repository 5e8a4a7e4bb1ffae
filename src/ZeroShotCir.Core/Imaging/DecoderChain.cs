namespace ZeroShotCir.Imaging;

/// <summary>Several decoders as one: each image goes to the first that reads its format, told by the content.</summary>
/// <remarks>
/// Immutable; serves concurrent callers if its decoders do. What the first decoder of a format refuses is refused: another
/// decoder's reading of a damaged file is no better, and which one read a picture does not depend on luck.
/// </remarks>
public sealed class DecoderChain : IImageDecoder
{
    /// <summary>Joins decoders.</summary>
    /// <param name="decoders">At least one, in the order in which they are asked.</param>
    /// <exception cref="ArgumentException">There is no decoder.</exception>
    public DecoderChain(params IReadOnlyList<IImageDecoder> decoders)
    {
        ArgumentNullException.ThrowIfNull(decoders);
        if (decoders.Count == 0)
        {
            throw new ArgumentException("A chain of decoders was given none; expected at least one.", nameof(decoders));
        }

        Decoders = [.. decoders];
        Formats = [.. Decoders.SelectMany(d => d.Formats).Distinct()];
        Name = string.Join('+', Decoders.Select(d => d.Name));
    }

    /// <summary>The decoders, in the order in which they are asked.</summary>
    public IReadOnlyList<IImageDecoder> Decoders { get; }

    /// <inheritdoc/>
    /// <value>The names of the decoders, joined by <c>+</c>.</value>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<ImageFormat> Formats { get; }

    /// <inheritdoc/>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (encoded.IsEmpty)
        {
            throw new InvalidImageException($"The image has no bytes; {Read()}.");
        }

        if (ImageFormat.Recognize(encoded) is not { } format)
        {
            throw new InvalidImageException(
                $"The {encoded.Length} bytes begin as no picture does ({Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}); {Read()}.");
        }

        IImageDecoder decoder = Decoders.FirstOrDefault(d => d.Formats.Contains(format))
            ?? throw new InvalidImageException($"The image is {format}, which no decoder at hand reads; {Read()}.");
        return decoder.Decode(encoded, options);
    }

    private string Read() => string.Join("; ", Decoders.Select(d => $"'{d.Name}' reads {string.Join(", ", d.Formats)}"));
}
