using System.Text;
using ImageMagick;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Magick;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests;

public sealed class MagickImageDecoderTests
{
    private static readonly MagickImageDecoder Decoder = new();
    private static readonly DecodeOptions Options = new();
    private static readonly string Photos = Path.Combine(RepositoryPaths.TinyFashion, "album", "photos");

    [Theory]
    [InlineData(CompressionMethod.NoCompression)]
    [InlineData(CompressionMethod.LZW)]
    [InlineData(CompressionMethod.Zip)]
    [InlineData(CompressionMethod.RLE)]
    [InlineData(CompressionMethod.LZMA)]
    public void Every_lossless_compression_of_TIFF_keeps_the_pixels(CompressionMethod compression)
    {
        AssertPicture(Picture.Tiff(compression));
        AssertPicture(Picture.Tiff(compression, image => image.Settings.Endian = Endian.MSB));
        AssertPicture(Picture.Tiff(compression, image => image.Settings.Interlace = Interlace.Plane));
        AssertPicture(Picture.Tiff(compression, image => image.Settings.SetDefine(MagickFormat.Tiff, "tile-geometry", "16x16")));
    }

    [Fact]
    public void JPEG_2000_and_anymaps_keep_the_pixels()
    {
        AssertPicture(Picture.Write(MagickFormat.Jp2, image => image.Quality = 100));
        AssertPicture(Picture.Write(MagickFormat.J2k, image => image.Quality = 100));
        AssertPicture(Picture.Write(MagickFormat.Ppm));
        AssertPicture(Picture.Write(MagickFormat.Pam));
        AssertPicture(Encoding.ASCII.GetBytes($"P3 # by hand\n{Picture.Width} {Picture.Height}\n255\n{string.Join(' ', Picture.Rgb)}\n"));
        Assert.Equal([0, 0, 0, 255, 255, 255, 255, 255, 255], Decode("P1\n3 1\n1 0 0\n"u8.ToArray()).Pixels.ToArray());
        Assert.Equal([7, 7, 7, 200, 200, 200], Decode([.. "P5 2 1 255\n"u8, 7, 200]).Pixels.ToArray());
    }

    [Theory]
    [InlineData(MagickFormat.Avif)]
    [InlineData(MagickFormat.Jxl)]
    public void Lossy_formats_come_close(MagickFormat format)
    {
        using MagickImage smooth = new(MagickColors.White, 64, 48);
        smooth.ReadPixels(
            [.. Enumerable.Range(0, 64 * 48).SelectMany(i => (byte[])[(byte)(i % 64 * 3), (byte)(i / 64 * 4), 90])],
            new PixelReadSettings(64, 48, StorageType.Char, PixelMapping.RGB));
        byte[] expected = smooth.GetPixels().ToByteArray(PixelMapping.RGB)!;
        smooth.Quality = 90;
        byte[] pixels = Decode(smooth.ToByteArray(format)).Pixels.ToArray();
        Assert.InRange(pixels.Zip(expected, (a, b) => Math.Abs(a - b)).Average(), 0, 4);
    }

    [Fact]
    public void Bilevel_and_gray_TIFF_become_grey()
    {
        byte[] bilevel = Picture.Tiff(CompressionMethod.Group4, image =>
        {
            image.Threshold(new Percentage(50));
            image.ColorType = ColorType.Bilevel;
        });
        Assert.All(Decode(bilevel).Pixels.ToArray().Chunk(3), p => Assert.True(p is [0, 0, 0] or [255, 255, 255]));
        byte[] gray = Picture.Tiff(CompressionMethod.LZW, image => image.Grayscale(PixelIntensityMethod.Average));
        Assert.All(Decode(gray).Pixels.ToArray().Chunk(3), p => Assert.True(p[0] == p[1] && p[1] == p[2]));
    }

    [Fact]
    public void The_palette_of_a_TIFF_keeps_its_high_bytes()
    {
        byte[] indices = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        // Written as Pillow does (a zero below), as most do (the byte twice), with other low bytes, and by programs that knew 8 bits only.
        foreach (Func<int, int> widen in (Func<int, int>[])[v => v << 8, v => v * 257, v => (v << 8) | 0x80, v => (v << 8) | (255 - v), v => v])
        {
            ushort[] palette = [.. indices.Select(i => (ushort)widen(i)), .. indices.Select(i => (ushort)widen(255 - i)), .. indices.Select(i => (ushort)widen(i ^ 0x5A))];
            byte[] tiff = TiffFile.Indexed(16, 16, indices, palette);
            Assert.Equal([.. indices.SelectMany(i => (byte[])[i, (byte)(255 - i), (byte)(i ^ 0x5A)])], Decode(tiff).Pixels.ToArray());
        }
    }

    /// <summary>By Pillow: 3 × 2 pixels of gray with alpha, as a file, and the same as a code stream.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(85)]
    public void The_alpha_of_a_gray_JPEG_2000_is_dropped(int from)
    {
        byte[] encoded = Convert.FromBase64String(
            "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAAgAAAAMAAgcHAAAAAAAPY29scgEAAAAAABEAAACtanAyY/9P/1EALAAAAAAAAwAAAAIAAAAAAAAAAAAA"
            + "AAMAAAACAAAAAAAAAAAAAgcBAQcBAf9SAAwAAAABAAEEBAAB/1wAB0BASEhQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4w/5AACgAAAAAANQAB/5PH1AQJncfUBAYmwBDP"
            + "wA4A6CAHAmP3B8faBR9oHPzAgAQXBcu3Bav/2Q==");
        Assert.Equal([.. new byte[] { 0, 50, 100, 150, 200, 255 }.SelectMany(v => (byte[])[v, v, v])], Decode(encoded[from..]).Pixels.ToArray());
    }

    [Theory]
    [InlineData(0, 0, 0, 0, 255, 255, 255)]
    [InlineData(255, 0, 128, 0, 0, 255, 127)]
    [InlineData(10, 20, 30, 40, 207, 198, 190)]
    [InlineData(200, 100, 50, 255, 0, 0, 0)]
    public void CMYK_becomes_what_Pillow_makes_of_it(byte c, byte m, byte y, byte k, byte red, byte green, byte blue)
        => Assert.Equal([red, green, blue], Decode(TiffFile.OnePixel(photometric: 5, [c, m, y, k])).Pixels.ToArray());

    [Fact]
    public void Alpha_is_dropped_and_not_blended()
    {
        using MagickImage image = Picture.Image(alpha: 3);
        image.Settings.Compression = CompressionMethod.LZW;
        AssertPicture(image.ToByteArray(MagickFormat.Tiff));
    }

    [Fact]
    public void The_first_page_counts()
    {
        using MagickImageCollection pages = [Picture.Image(), new MagickImage(MagickColors.Red, 99, 5)];
        AssertPicture(pages.ToByteArray(MagickFormat.Tiff));
    }

    [Fact]
    public void The_orientation_of_a_TIFF_is_applied_or_ignored()
    {
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            byte[] tiff = Picture.StoredTiff(orientation);
            AssertPicture(tiff);
            RgbImage stored = Decoder.Decode(tiff, new DecodeOptions { Orientation = ImageOrientation.Ignore });
            Assert.Equal((Picture.Stored(orientation).Width, Picture.Stored(orientation).Height), (stored.Width, stored.Height));
            Assert.Equal(Picture.Stored(orientation).Pixels.ToArray(), stored.Pixels.ToArray());
        }
    }

    [Fact]
    public void The_rotation_of_a_HEIC_or_AVIF_belongs_to_its_decoding()
    {
        int turned = 0;
        foreach (System.Text.Json.JsonElement file in GoldenJson.Read(Path.Combine(Photos, "..", "expected.json")).GetProperty("files").EnumerateArray())
        {
            if (file.Text("format") is not ("heic" or "avif"))
            {
                continue;
            }

            byte[] bytes = File.ReadAllBytes(Path.Combine(Photos, file.Text("path")));
            int[] upright = [.. file.GetProperty("upright").EnumerateArray().Select(v => v.GetInt32())];
            RgbImage applied = Decode(bytes);
            RgbImage ignored = Decoder.Decode(bytes, new DecodeOptions { Orientation = ImageOrientation.Ignore });
            Assert.Equal((upright[0], upright[1]), (applied.Width, applied.Height));
            Assert.Equal(applied.Pixels.ToArray(), ignored.Pixels.ToArray());
            turned += file.GetProperty("orientation").GetInt32() == 1 ? 0 : 1;
        }

        Assert.True(turned > 5, $"Only {turned} files are stored turned.");
    }

    [Fact]
    public void Other_formats_are_never_opened()
    {
        string secret = Path.Combine(AppContext.BaseDirectory, "ZeroShotCir.Core.dll");
        string[] hostile =
        [
            $"push graphic-context\nviewbox 0 0 64 64\nimage over 0,0 0,0 '{secret}'\npop graphic-context\n",
            $"<?xml version=\"1.0\"?><image><read filename=\"{secret}\"/></image>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>",
            "%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "%PDF-1.4\n", "id=ImageMagick  columns=1 rows=1\n\f:abc",
            "@" + secret, "https://localhost/x.png", "label:hello", "|echo",
        ];
        foreach (byte[] bytes in hostile.Select(Encoding.UTF8.GetBytes).Append(Picture.Write(MagickFormat.Png)).Append(Picture.Write(MagickFormat.Psd)))
        {
            Assert.Contains("begin with", Assert.Throws<InvalidImageException>(() => Decode(bytes)).Message, StringComparison.Ordinal);
            foreach (byte[] head in (byte[][])[[.. "II*\0"u8], [.. "\0\0\0\fjP  \r\n"u8, 0x87, 10], [.. "\0\0\0\u0018ftypheic"u8], [0xFF, 0x0A]])
            {
                Assert.Throws<InvalidImageException>(() => Decode([.. head, .. bytes]));
            }
        }
    }

    [Fact]
    public void Too_large_pictures_are_refused_before_memory_is_taken()
    {
        byte[] pnm = [.. "P6 60000 60000 255\n"u8, 1, 2, 3];
        byte[] tiff = TiffFile.Write(60_000, 60_000, photometric: 2, samples: 3, data: [1, 2, 3]);
        long before = Environment.WorkingSet;
        foreach (byte[] bomb in (byte[][])[pnm, tiff])
        {
            Assert.Contains("60000 × 60000", Assert.Throws<InvalidImageException>(() => Decode(bomb)).Message, StringComparison.Ordinal);
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 500_000_000);
        byte[] lzw = Picture.Tiff(CompressionMethod.LZW);
        DecodeOptions narrow = new() { Limits = new DecodeLimits { MaxPixels = (Picture.Width * Picture.Height) - 1 } };
        Assert.Contains("MaxPixels", Assert.Throws<InvalidImageException>(() => Decoder.Decode(lzw, narrow)).Message, StringComparison.Ordinal);
        DecodeOptions few = new() { Limits = new DecodeLimits { MaxBytes = lzw.Length - 1 } };
        Assert.Contains("MaxBytes", Assert.Throws<InvalidImageException>(() => Decoder.Decode(lzw, few)).Message, StringComparison.Ordinal);
        Assert.Contains("no bytes", Assert.Throws<InvalidImageException>(() => Decode([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pixels_are_copied_once()
    {
        byte[] tiff = TiffFile.Write(1500, 1000, photometric: 2, samples: 3, data: new byte[1500 * 1000 * 3]);
        Decode(tiff).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Decode(tiff).Dispose();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500_000);
    }

    [Fact]
    public async Task Room_is_taken_for_what_the_library_of_a_format_holds()
    {
        (byte[], int)[] pictures =
        [
            (Picture.Write(MagickFormat.Avif), 16),
            (Picture.Write(MagickFormat.Jp2), 16),
            (Picture.Tiff(CompressionMethod.LZW), 10),
        ];
        foreach ((byte[] encoded, int bytesPerPixel) in pictures)
        {
            DecodeMemory memory = new(1 << 20);
            using DecodeRoom others = memory.Reserve((1 << 20) - (bytesPerPixel * Picture.Width * Picture.Height) + 1);
            Task<RgbImage> decoding = Task.Run(() => Decoder.Decode(encoded, new DecodeOptions { Memory = memory }));
            Assert.NotSame(decoding, await Task.WhenAny(decoding, Task.Delay(100, TestContext.Current.CancellationToken)));
            others.Dispose();
            (await decoding).Dispose();
            Assert.Equal(0, memory.Reserved);
        }
    }

    [Fact]
    public void Pixels_are_never_written_to_files()
    {
        Assert.Equal("magick", new MagickImageDecoder().Name);
        Assert.Equal(0u, ResourceLimits.Disk);
    }

    [Fact]
    public void Truncated_files_are_refused_or_complete()
    {
        foreach (byte[] encoded in Files())
        {
            byte[] whole = Decode(encoded).Pixels.ToArray();
            int refused = 0;
            for (int length = 0; length < encoded.Length; length += Math.Max(1, encoded.Length / 40))
            {
                try
                {
                    Assert.True(
                        whole.AsSpan().SequenceEqual(Decode(encoded[..length]).Pixels.Span),
                        $"{ImageFormat.Recognize(encoded)}: {length} of {encoded.Length} bytes gave other pixels.");
                }
                catch (InvalidImageException)
                {
                    refused++;
                }
            }

            Assert.True(refused > 5, $"{ImageFormat.Recognize(encoded)}");
        }
    }

    [Fact]
    public void Damaged_files_give_pixels_or_a_typed_refusal()
    {
        DecodeOptions small = new() { Limits = new DecodeLimits { MaxPixels = 100_000 } };
        byte[][] files = [.. Files(), .. AlbumPictures.OneOfEachKind.Where(file => ImageFormat.Recognize(file) is { } format && Decoder.Formats.Contains(format))];
        MutationRun run = new("pictures by ImageMagick", 1500, damaged =>
        {
            using RgbImage image = Decoder.Decode(damaged, small);
            Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
        })
        {
            IsRefusal = e => e is InvalidImageException && !e.Message.Contains("/tmp/", StringComparison.Ordinal),
        };

        run.Execute(random => Mutation.Picture(files[random.Next(files.Length)], random));

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }

    [Fact]
    public void Concurrent_callers_get_their_own_pixels()
    {
        byte[][] files = [.. Files()];
        byte[][] expected = [.. files.Select(f => Decode(f).Pixels.ToArray())];
        Parallel.For(0, 60, i => Assert.Equal(expected[i % files.Length], Decode(files[i % files.Length]).Pixels.ToArray()));
    }

    private static IEnumerable<byte[]> Files() =>
    [
        Picture.StoredTiff(6), Picture.Tiff(CompressionMethod.Zip), Picture.Tiff(CompressionMethod.JPEG), Picture.Tiff(CompressionMethod.NoCompression),
        Picture.Write(MagickFormat.Jp2), Picture.Write(MagickFormat.Ppm), Picture.Write(MagickFormat.Jxl), Picture.Write(MagickFormat.Avif),
        File.ReadAllBytes(Path.Combine(Photos, "2012", "Sommer", "P1003173.heic")),
    ];

    private static RgbImage Decode(byte[] encoded) => Decoder.Decode(encoded, Options);

    private static void AssertPicture(byte[] encoded)
    {
        RgbImage image = Decode(encoded);
        Assert.Equal((Picture.Width, Picture.Height), (image.Width, image.Height));
        Assert.Equal(Picture.Rgb, image.Pixels.ToArray());
    }
}
