namespace ZeroShotCir.Imaging;

/// <summary>A format that pictures are stored in, known by the first bytes of a file and never by the ending of its name.</summary>
/// <remarks>Immutable; there is one instance for each format.</remarks>
public sealed class ImageFormat
{
    /// <summary>How many of the first bytes are enough for <see cref="Recognize"/>.</summary>
    public const int HeadLength = 512;

    private ImageFormat(string name, string mediaType)
    {
        Name = name;
        MediaType = mediaType;
    }

    /// <summary>JPEG, under whatever name: .jpg, .jpeg, .jpe, .jfif, .mpo.</summary>
    public static ImageFormat Jpeg { get; } = new("JPEG", "image/jpeg");

    /// <summary>PNG, animated or not.</summary>
    public static ImageFormat Png { get; } = new("PNG", "image/png");

    /// <summary>WebP, lossy, lossless or animated.</summary>
    public static ImageFormat WebP { get; } = new("WebP", "image/webp");

    /// <summary>GIF.</summary>
    public static ImageFormat Gif { get; } = new("GIF", "image/gif");

    /// <summary>The bitmap files of Windows and OS/2.</summary>
    public static ImageFormat Bmp { get; } = new("BMP", "image/bmp");

    /// <summary>TIFF, also BigTIFF. Some cameras' raw files begin alike.</summary>
    public static ImageFormat Tiff { get; } = new("TIFF", "image/tiff");

    /// <summary>HEIC: HEIF with HEVC, which telephones write.</summary>
    public static ImageFormat Heic { get; } = new("HEIC", "image/heic");

    /// <summary>AVIF: HEIF with AV1.</summary>
    public static ImageFormat Avif { get; } = new("AVIF", "image/avif");

    /// <summary>JPEG 2000, as a file (.jp2) or as a bare code stream (.j2k).</summary>
    public static ImageFormat Jpeg2000 { get; } = new("JPEG 2000", "image/jp2");

    /// <summary>JPEG XL, in a container or as a bare code stream.</summary>
    public static ImageFormat JpegXl { get; } = new("JPEG XL", "image/jxl");

    /// <summary>The PNM family: .pbm, .pgm, .ppm, .pnm and .pam.</summary>
    public static ImageFormat Pnm { get; } = new("PNM", "image/x-portable-anymap");

    /// <summary>Raw files of cameras that do not begin as TIFF does: CR2, CR3, CRW, RAF, ORF, RW2, MRW, X3F.</summary>
    public static ImageFormat CameraRaw { get; } = new("camera RAW", "image/x-dcraw");

    /// <summary>Every format that is recognized, whether or not a decoder reads it.</summary>
    public static IReadOnlyList<ImageFormat> All { get; } = [Jpeg, Png, WebP, Gif, Bmp, Tiff, Heic, Avif, Jpeg2000, JpegXl, Pnm, CameraRaw];

    /// <summary>The format's name in messages, such as <c>JPEG 2000</c>.</summary>
    public string Name { get; }

    /// <summary>Its media type, such as <c>image/jp2</c>.</summary>
    public string MediaType { get; }

    /// <summary>Tells a format by the first bytes of a file.</summary>
    /// <param name="encoded">The bytes, or the first <see cref="HeadLength"/> of them.</param>
    /// <returns>The format; <see langword="null"/> where the bytes begin as no picture does. A recognized file may still be damaged.</returns>
    public static ImageFormat? Recognize(ReadOnlySpan<byte> encoded) => ImageSignature.Read(encoded[..Math.Min(encoded.Length, HeadLength)]);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
