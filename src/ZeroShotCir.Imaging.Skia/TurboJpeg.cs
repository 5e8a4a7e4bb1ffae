using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>
/// The libturbojpeg of the system, which decodes JPEG in less than half of the time that Skia takes: Skia's build of the same library goes
/// without vector instructions. It reads what is plain and without any fault; of everything else, Skia's reading decides.
/// </summary>
/// <remarks>Thread-safe. Its interface has no rows, so that the whole picture is held.</remarks>
internal sealed unsafe class TurboJpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgb = 3;
    private const int FormatRgb = 0;
    private const int ExactFlags = 0; // The exact transform, and chroma that is interpolated.
    private static readonly Lazy<TurboJpeg?> Loaded = new(Load);
    private readonly delegate* unmanaged<nint> _create;
    private readonly delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int> _decompress;
    private readonly delegate* unmanaged<nint, int> _destroy;

    private TurboJpeg(nint create, nint decompress, nint destroy)
    {
        _create = (delegate* unmanaged<nint>)create;
        _decompress = (delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int>)decompress;
        _destroy = (delegate* unmanaged<nint, int>)destroy;
    }

    /// <summary>The library; <see langword="null"/> where there is none, or one that gives other pixels than Skia.</summary>
    public static TurboJpeg? Installed => Loaded.Value;

    /// <summary>Decodes a picture, or hands its rows on where there is a receiver.</summary>
    /// <param name="jpeg">A picture whose <see cref="JpegOutline.IsPlain"/> was found.</param>
    /// <param name="upright">How its pixels lie, and how many there are.</param>
    /// <param name="stored">Its size as it is stored.</param>
    /// <param name="orientation">How its pixels lie.</param>
    /// <param name="memory">What the picture is reserved of.</param>
    /// <param name="receiver">Takes the rows.</param>
    /// <param name="image">The picture, where nobody takes its rows.</param>
    /// <returns>Whether there was no fault; otherwise nothing is known of the picture.</returns>
    public bool TryDecode(
        ReadOnlySpan<byte> jpeg, UprightPixels upright, SKSizeI stored, ExifOrientation orientation, DecodeMemory memory, IImageRowReceiver? receiver, out RgbImage? image)
    {
        image = null;
        int bytes = stored.Width * stored.Height * Rgb;
        bool isTurned = receiver is null && !upright.IsInPlace;
        using DecodeRoom room = memory.Reserve((isTurned ? 2L : 1L) * bytes);
        IMemoryOwner<byte> pixels = room.Rent(bytes);
        try
        {
            if (!TryDecode(jpeg, stored.Width, stored.Height, pixels.Memory.Span))
            {
                return false;
            }

            if (receiver is not null)
            {
                receiver.Begin(stored.Width, stored.Height, orientation);
                receiver.Add(pixels.Memory.Span);
                return true;
            }

            if (isTurned)
            {
                IMemoryOwner<byte> turned = room.Rent(bytes);
                upright.Write(pixels.Memory.Span, Rgb, 0, stored.Height, turned.Memory.Span);
                image = new RgbImage(turned, upright.Width, upright.Height);
                return true;
            }

            image = new RgbImage(pixels, upright.Width, upright.Height);
            return true;
        }
        finally
        {
            if (image is null || isTurned)
            {
                pixels.Dispose();
            }
        }
    }

    /// <summary>Decodes a picture of a known size.</summary>
    /// <returns>Whether there was no fault and no warning.</returns>
    private bool TryDecode(ReadOnlySpan<byte> jpeg, int width, int height, Span<byte> rgb)
    {
        nint handle = _create();
        if (handle == 0)
        {
            return false;
        }

        try
        {
            fixed (byte* from = jpeg, to = rgb)
            {
                return _decompress(handle, from, new CULong((uint)jpeg.Length), to, width, width * Rgb, height, FormatRgb, ExactFlags) == 0;
            }
        }
        finally
        {
            _ = _destroy(handle);
        }
    }

    private static TurboJpeg? Load()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Library, out nint library))
        {
            return null;
        }

        return NativeLibrary.TryGetExport(library, "tjInitDecompress", out nint create)
            && NativeLibrary.TryGetExport(library, "tjDecompress2", out nint decompress)
            && NativeLibrary.TryGetExport(library, "tjDestroy", out nint destroy)
            && new TurboJpeg(create, decompress, destroy) is { } turbo && turbo.GivesSkiasPixels() ? turbo : null;
    }

    /// <summary>A trial with a small picture in each of the usual samplings.</summary>
    private bool GivesSkiasPixels()
    {
        const int Width = 67, Height = 35;
        using SKBitmap bitmap = new(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        new Random(0).NextBytes(bitmap.GetPixelSpan());
        using SKPixmap pixels = bitmap.PeekPixels();
        SkiaImageDecoder skia = new();
        foreach (SKJpegEncoderDownsample sampling in (ReadOnlySpan<SKJpegEncoderDownsample>)
            [SKJpegEncoderDownsample.Downsample420, SKJpegEncoderDownsample.Downsample422, SKJpegEncoderDownsample.Downsample444])
        {
            using SKData? jpeg = pixels.Encode(new SKJpegEncoderOptions(90, sampling, SKJpegEncoderAlphaOption.Ignore));
            if (jpeg is null)
            {
                return false;
            }

            using RgbImage expected = skia.Decode(jpeg.AsSpan(), new DecodeOptions());
            byte[] actual = new byte[Width * Height * Rgb];
            if (!TryDecode(jpeg.AsSpan(), Width, Height, actual) || !expected.Pixels.Span.SequenceEqual(actual))
            {
                return false;
            }
        }

        return true;
    }
}
