using SkiaSharp;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>A large PNG that is read while it is decoded. Whatever is not plain about it is left to who has all of its bytes.</summary>
internal static class LargePng
{
    /// <summary>The most that stands before the pixels of a plain file, such as a color profile, and how many of the pixels' bytes are looked at with it.</summary>
    private const int LargestHead = 4 << 20;
    private const int DataInHead = 1 << 12;

    /// <summary>Sends the rows of a file to a receiver.</summary>
    /// <returns>Whether all rows came; otherwise the receiver has to begin again.</returns>
    /// <exception cref="InvalidImageException">The file is beyond the limits.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool TrySend(Stream png, DecodeOptions options, IImageRowReceiver receiver)
    {
        options.Limits.ThrowIfTooLong(png.Length);
        if (PngOutline.Read(png, PngOutline.LargestWhole) is not { EndsFile: true } outline || !IsOpenedBySkia(png, outline))
        {
            return false;
        }

        options.Limits.ThrowIfTooLarge(outline.Width, outline.Height);
        return TryReadOrientation(png, outline, options, out ExifOrientation orientation)
            && PngRows.TrySend(png, outline, orientation, receiver, options.Memory);
    }

    /// <summary>Whether Skia would read the file too, which looks at all that stands before the pixels.</summary>
    private static unsafe bool IsOpenedBySkia(Stream png, PngOutline outline)
    {
        (int start, int length) = outline.Data[0];
        if (start > LargestHead)
        {
            return false;
        }

        using RentedArray<byte> head = new(start + Math.Min(length, DataInHead));
        Read(png, 0, head.Span);
        fixed (byte* bytes = head.Span)
        {
            using SKData data = SKData.Create((nint)bytes, head.Length);
            using SKCodec? codec = SKCodec.Create(data);
            return codec is not null && codec.Info.Width == outline.Width && codec.Info.Height == outline.Height;
        }
    }

    private static bool TryReadOrientation(Stream png, PngOutline outline, DecodeOptions options, out ExifOrientation orientation)
    {
        orientation = ExifOrientation.Upright;
        if (options.Orientation == ImageOrientation.Ignore || outline.Exif is not { } exif)
        {
            return true;
        }

        if (exif.Length > LargestHead)
        {
            return false;
        }

        // A file of that chunk alone.
        using RentedArray<byte> chunk = new(PngOutline.FirstChunk + exif.Length);
        Read(png, 0, chunk.Span[..PngOutline.FirstChunk]);
        Read(png, exif.Start, chunk.Span[PngOutline.FirstChunk..]);
        orientation = ExifReader.ReadOrientation(chunk.Span);
        return true;
    }

    private static void Read(Stream png, long start, Span<byte> destination)
    {
        png.Position = start;
        png.ReadExactly(destination);
    }
}
