using System.Diagnostics;
using System.IO.Compression;
using System.IO.Pipes;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>Files that are opened are read when they are decoded, large PNG while they are, and give what their bytes give.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const int Edge = 2400;
    private static readonly SkiaImageDecoder Skia = new();
    private static readonly ImagePreprocessor Preprocessor = new(new ImagePreprocessing());
    private static readonly byte[] Plain = Png(Edge, 8);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_file_gives_the_pixels_and_the_hash_of_its_bytes_and_is_not_held()
    {
        File.WriteAllBytes(_path, Plain);
        _ = Pixels(Skia, ImageData.OpenFile(_path));
        foreach (IImageDecoder decoder in new IImageDecoder[] { Skia, new DecoderChain(Skia) })
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ImageData image = ImageData.OpenFile(_path);
            byte[] pixels = Pixels(decoder, image);
            string hash = image.ComputeSha256();
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);

            ImageData held = ImageData.FromBytes(Plain);
            Assert.Equal(Pixels(Skia, held), pixels);
            Assert.Equal(held.ComputeSha256(), hash);
            Assert.Equal(held.MediaType, image.MediaType);
            Assert.True(image.Data.Span.SequenceEqual(Plain));
        }
    }

    [Fact]
    public void A_link_is_what_it_leads_to()
    {
        File.WriteAllBytes(_path, Plain);
        string link = _path + ".png";
        try
        {
            File.CreateSymbolicLink(link, _path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This system makes no links.");
        }

        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ImageData image = ImageData.OpenFile(link);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 19);
            Assert.Equal((link, Plain.Length), (image.Source, image.Length));
            Assert.True(image.Data.Span.SequenceEqual(Plain));
            Assert.True(Assert.Throws<InvalidImageException>(() => ImageData.FromFile(link, 1000)).IsOverLimit);
        }
        finally
        {
            File.Delete(link);
        }
    }

    [Fact]
    public void A_pipe_is_read_to_its_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems give pipes no path.");
        byte[] small = PictureFiles.Encode(SkiaSharp.SKEncodedImageFormat.Png, 9, 5);
        foreach (Func<string, ImageData> open in (Func<string, ImageData>[])[path => ImageData.FromFile(path), path => ImageData.OpenFile(path)])
        {
            using AnonymousPipeServerStream pipe = new(PipeDirection.Out, HandleInheritability.Inheritable);
            pipe.Write(small);
            pipe.SafePipeHandle.Dispose(); // The end that writes: readers find the end.
            Assert.True(open($"/proc/self/fd/{pipe.GetClientHandleAsString()}").Data.Span.SequenceEqual(small));
        }
    }

    [Fact]
    public void A_time_that_no_calendar_has_stops_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not take it.");
        File.WriteAllBytes(_path, Plain);
        using (Process process = Process.Start(new ProcessStartInfo("touch", ["-d", "@99999999999999", _path]) { RedirectStandardError = true })!)
        {
            process.WaitForExit();
        }

        Assert.True(ImageData.OpenFile(_path).Data.Span.SequenceEqual(Plain));
    }

    [Fact]
    public void A_large_jpeg_is_held_only_while_it_is_decoded()
    {
        using SkiaSharp.SKBitmap noise = new(new SkiaSharp.SKImageInfo(1500, 1500, SkiaSharp.SKColorType.Rgba8888, SkiaSharp.SKAlphaType.Opaque));
        new Random(3).NextBytes(noise.GetPixelSpan());
        using SkiaSharp.SKData encoded = noise.Encode(SkiaSharp.SKEncodedImageFormat.Jpeg, 90);
        byte[] jpeg = encoded.ToArray();
        File.WriteAllBytes(_path, jpeg);
        byte[] expected = Pixels(Skia, ImageData.FromBytes(jpeg));
        Assert.Equal(expected, Pixels(Skia, ImageData.OpenFile(_path)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImageData image = ImageData.OpenFile(_path);
        Assert.Equal(expected, Pixels(Skia, image));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.InRange(jpeg.Length, (1 << 20) + 1, int.MaxValue);
        Assert.Equal(ImageFormat.Jpeg.MediaType, image.MediaType);
        Assert.Equal(jpeg.Length, image.Length);

        // What was read is the caller's, whatever becomes of the file.
        ImageData read = ImageData.FromFile(_path);
        File.Delete(_path);
        Assert.Equal(expected, Pixels(Skia, read));
        Assert.True(Assert.Throws<InvalidImageException>(() => Pixels(Skia, image)).IsUnread);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_orientation_is_found_before_and_after_the_pixels(bool atEnd)
    {
        byte[] tagged = PictureFiles.Tag(Plain, SkiaSharp.SKEncodedImageFormat.Png, 6);
        int tag = tagged.Length - Plain.Length;
        byte[] png = atEnd ? [.. Plain.AsSpan(0, Plain.Length - 12), .. tagged.AsSpan(33, tag), .. Plain.AsSpan(Plain.Length - 12)] : tagged;
        File.WriteAllBytes(_path, png);

        Assert.Equal(Pixels(Skia, ImageData.FromBytes(png)), Pixels(Skia, ImageData.OpenFile(_path)));
        Assert.NotEqual(Pixels(Skia, ImageData.FromBytes(Plain)), Pixels(Skia, ImageData.OpenFile(_path)));
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(16, 0)]
    [InlineData(8, 100)]
    public void What_is_not_plain_is_read_as_a_whole(int depth, int trailing)
    {
        byte[] png = [.. depth == 8 ? Plain : Png(1700, depth), .. new byte[trailing]];
        File.WriteAllBytes(_path, png);

        Assert.Equal(Pixels(Skia, ImageData.FromBytes(png)), Pixels(Skia, ImageData.OpenFile(_path)));
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.9999, false)]
    [InlineData(0.5, true)]
    public void A_damaged_file_is_refused_or_read_as_its_bytes_are(double where, bool isCut)
    {
        int place = (int)(Plain.Length * where);
        byte[] png = isCut ? [.. Plain.AsSpan(0, Math.Max(place, (16 << 20) + 1))] : [.. Plain];
        png[^1000] ^= (byte)(isCut ? 0 : 1);
        File.WriteAllBytes(_path, png);

        Assert.Equal(Outcome(ImageData.FromBytes(png)), Outcome(ImageData.OpenFile(_path)));
    }

    [Fact]
    public void Limits_hold_for_files_that_are_not_held()
    {
        File.WriteAllBytes(_path, Plain);
        DecodeOptions few = new() { Limits = new DecodeLimits { MaxPixels = 1_000_000 } }, small = new() { Limits = new DecodeLimits { MaxBytes = 1000 } };

        Assert.True(Assert.Throws<InvalidImageException>(() => Pixels(Skia, ImageData.OpenFile(_path), few)).IsOverLimit);
        Assert.True(Assert.Throws<InvalidImageException>(() => Pixels(Skia, ImageData.OpenFile(_path), small)).IsOverLimit);
    }

    [Fact]
    public void A_file_that_was_changed_or_removed_meanwhile_says_so_and_is_not_called_broken()
    {
        File.WriteAllBytes(_path, Plain);
        ImageData image = ImageData.OpenFile(_path);
        File.AppendAllText(_path, "more");
        InvalidImageException changed = Assert.Throws<InvalidImageException>(() => Pixels(Skia, image));
        Assert.Contains("changed", changed.Message, StringComparison.Ordinal);
        Assert.Contains(_path, changed.Message, StringComparison.Ordinal);
        Assert.True(changed.IsUnread);
        Assert.True(Assert.Throws<InvalidImageException>(() => image.Data).IsUnread);
        Assert.True(Assert.Throws<InvalidImageException>(image.ComputeSha256).IsUnread);

        File.Delete(_path);
        Assert.True(Assert.Throws<InvalidImageException>(() => Pixels(Skia, image)).IsUnread);
    }

    private static string Outcome(ImageData image)
    {
        try
        {
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Pixels(Skia, image)));
        }
        catch (InvalidImageException e)
        {
            return image.Source is null ? e.Message : e.Message.Replace($"'{image.Source}': ", "", StringComparison.Ordinal);
        }
    }

    private static byte[] Pixels(IImageDecoder decoder, ImageData image, DecodeOptions? options = null)
    {
        byte[] pixels = new byte[3 * Preprocessor.Width * Preprocessor.Height];
        Preprocessor.PreprocessToBytes(decoder, image, options ?? new DecodeOptions(), pixels);
        return pixels;
    }

    /// <summary>A square of noise, which cannot be compressed: larger than what is held.</summary>
    private static byte[] Png(int edge, int depth)
    {
        int rowBytes = 1 + (edge * 3 * depth / 8);
        byte[] filtered = new byte[edge * rowBytes];
        new Random(17).NextBytes(filtered);
        for (int y = 0; y < edge; y++)
        {
            filtered[y * rowBytes] = (byte)(y % 5);
        }

        return PictureFiles.Png(edge, edge, depth, 2, filtered, CompressionLevel.NoCompression, 17);
    }
}
