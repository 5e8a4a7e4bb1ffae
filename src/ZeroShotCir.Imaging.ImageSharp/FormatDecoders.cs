using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata;

namespace ZeroShotCir.Imaging.ImageSharp;

/// <summary>ImageSharp's decoders, set to read the first picture of a file.</summary>
internal static class FormatDecoders
{
    public static Dictionary<ImageFormat, SixLabors.ImageSharp.Formats.IImageDecoder> All { get; } =
        new Dictionary<ImageFormat, SixLabors.ImageSharp.Formats.IImageDecoder>
        {
            [ImageFormat.Jpeg] = new JpegDecoder(),
            [ImageFormat.Png] = new PngDecoder(),
            [ImageFormat.WebP] = new WebpDecoder(),
            [ImageFormat.Bmp] = new BmpDecoder(),
            [ImageFormat.Gif] = new GifDecoder { DecodingMode = FrameDecodingMode.First },
            [ImageFormat.Tiff] = new TiffDecoder { DecodingMode = FrameDecodingMode.First },
        };

    /// <summary>Whether samples have 16 bits, whose high byte is wanted; ImageSharp itself would round.</summary>
    public static bool HasWideSamples(IImageInfo header, ImageFormat format)
        => (format == ImageFormat.Png && header.Metadata.GetPngMetadata().BitDepth == PngBitDepth.Bit16)
            || (format == ImageFormat.Tiff && header.PixelType.BitsPerPixel is 16 or >= 48);
}
