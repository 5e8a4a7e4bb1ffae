namespace ZeroShotCir.Imaging;

/// <summary>Several decoders as one: each image goes to the first that reads its format, told by the content.</summary>
/// <remarks>
/// Immutable; serves concurrent callers if its decoders do. What the first decoder of a format refuses is refused: another
/// decoder's reading of a damaged file is no better, and which one read a picture does not depend on luck. Of a camera's raw file,
/// the largest preview in it is decoded, by the first decoder that reads JPEG, and turned as the file says.
/// </remarks>
public sealed class DecoderChain : IImageDecoder, IImageFileDecoder
{
    private readonly IImageDecoder? _jpeg;

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
        _jpeg = Decoders.FirstOrDefault(d => d.Formats.Contains(ImageFormat.Jpeg));
        IEnumerable<ImageFormat> raw = _jpeg is null ? [] : [ImageFormat.CameraRaw];
        Formats = [.. Decoders.SelectMany(d => d.Formats).Concat(raw).Distinct()];
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
        IImageDecoder decoder = DecoderOf(encoded, options, out ReadOnlySpan<byte> preview);
        return preview.IsEmpty ? decoder.Decode(encoded, options) : DecodePreview(decoder, preview, ExifReader.ReadOrientation(encoded), options);
    }

    /// <inheritdoc/>
    public void DecodeRows(ReadOnlySpan<byte> encoded, DecodeOptions options, IImageRowReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        IImageDecoder decoder = DecoderOf(encoded, options, out ReadOnlySpan<byte> preview);
        if (preview.IsEmpty)
        {
            decoder.DecodeRows(encoded, options, receiver);
            return;
        }

        using RgbImage image = DecodePreview(decoder, preview, ExifReader.ReadOrientation(encoded), options);
        image.SendTo(receiver);
    }

    /// <inheritdoc/>
    bool IImageFileDecoder.TryDecodeRows(Stream encoded, DecodeOptions options, IImageRowReceiver receiver)
    {
        Span<byte> head = stackalloc byte[ImageFormat.HeadLength];
        int read = encoded.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        encoded.Position = 0;
        ImageFormat? format = ImageFormat.Recognize(head[..read]);
        return format is not null && Decoders.FirstOrDefault(d => d.Formats.Contains(format)) is IImageFileDecoder decoder
            && decoder.TryDecodeRows(encoded, options, receiver);
    }

    /// <summary>What the raw file says of its orientation holds for the samples and the preview alike; where it says nothing, the preview may.</summary>
    private static RgbImage DecodePreview(IImageDecoder decoder, ReadOnlySpan<byte> preview, ExifOrientation orientation, DecodeOptions options)
    {
        if (orientation == ExifOrientation.Upright || options.Orientation == ImageOrientation.Ignore)
        {
            return decoder.Decode(preview, options);
        }

        using RgbImage stored = decoder.Decode(preview, new DecodeOptions(options) { Orientation = ImageOrientation.Ignore });
        return stored.Turn(orientation);
    }

    /// <summary>Who reads an image, and of a camera's raw file the preview that is read.</summary>
    private IImageDecoder DecoderOf(ReadOnlySpan<byte> encoded, DecodeOptions options, out ReadOnlySpan<byte> preview)
    {
        preview = default;
        if (encoded.IsEmpty)
        {
            throw new InvalidImageException($"The image has no bytes; {Read()}.");
        }

        if (ImageFormat.Recognize(encoded) is not { } format)
        {
            throw new InvalidImageException(
                $"The {encoded.Length} bytes begin as no picture does ({Convert.ToHexString(encoded[..Math.Min(8, encoded.Length)])}); {Read()}.");
        }

        preview = _jpeg is not null && (format == ImageFormat.Tiff || format == ImageFormat.CameraRaw) ? RawPreview.Find(encoded) : default;
        if (!preview.IsEmpty)
        {
            options.Limits.ThrowIfTooLong(encoded.Length);
            return _jpeg!;
        }

        if (format == ImageFormat.CameraRaw && _jpeg is not null)
        {
            throw new InvalidImageException(
                $"The image is camera RAW, and no preview was found in it (those of DNG, NEF, ARW, CR2, PEF, SRW, RW2 and RAF are read); {Read()}. Export it as JPEG.");
        }

        return Decoders.FirstOrDefault(d => d.Formats.Contains(format))
            ?? throw new InvalidImageException($"The image is {format}, which no decoder at hand reads; {Read()}.");
    }

    private string Read() => string.Join("; ", Decoders.Select(d => $"'{d.Name}' reads {string.Join(", ", d.Formats)}"));
}
