using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tests.Mutations;

namespace ZeroShotCir.Tests;

/// <summary>First frames of GIFs as Pillow's <c>convert("RGB")</c> gives them: palette colours, nothing composed.</summary>
public sealed class GifFrameTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(2, 4, true)]
    [InlineData(4, 13, false)]
    [InlineData(8, 256, true)]
    [InlineData(8, 200, false)]
    public void Every_index_gets_its_colour_whatever_the_size_of_codes_and_the_order_of_rows(int bits, int colours, bool isInterlaced)
    {
        Random random = new(bits + colours);
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (7, 3), (64, 5), (131, 97)])
        {
            // Runs and repetitions make long codes; noise fills the table until it is full.
            byte[] indices = [.. Enumerable.Range(0, width * height).Select(i => (byte)((i % 200 < 100 ? i / 7 : random.Next(colours)) % colours))];
            byte[] gif = new GifWriter { Width = width, Height = height, Bits = bits, Frame = (0, 0, width, height), IsInterlaced = isInterlaced }.Write(indices);
            using RgbImage image = Decoder.Decode(ImageData.FromBytes(gif));
            Assert.Equal(indices.SelectMany(GifWriter.Colour), image.Pixels.ToArray());
        }
    }

    [Fact]
    public void Transparent_pixels_keep_the_colour_of_their_palette_entry()
    {
        byte[] gif = new GifWriter { Width = 2, Height = 2, Bits = 2, Frame = (0, 0, 2, 2), Transparent = 3 }.Write([0, 3, 3, 1]);
        using RgbImage image = Decoder.Decode(ImageData.FromBytes(gif));
        Assert.Equal(((byte[])[0, 3, 3, 1]).SelectMany(GifWriter.Colour), image.Pixels.ToArray());
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(null, 0)]
    public void What_the_frame_leaves_out_is_the_transparent_entry_or_the_first(int? transparent, int expected)
    {
        byte[] gif = new GifWriter { Width = 3, Height = 2, Bits = 2, Frame = (1, 1, 1, 1), Transparent = transparent, Background = 1 }.Write([3]);
        using RgbImage image = Decoder.Decode(ImageData.FromBytes(gif));
        byte rest = (byte)expected;
        Assert.Equal(((byte[])[rest, rest, rest, rest, 3, rest]).SelectMany(GifWriter.Colour), image.Pixels.ToArray());
    }

    [Fact]
    public void A_frame_beyond_the_canvas_enlarges_it()
    {
        byte[] gif = new GifWriter { Width = 1, Height = 1, Bits = 2, Frame = (1, 0, 2, 2) }.Write([1, 2, 3, 1]);
        using RgbImage image = Decoder.Decode(ImageData.FromBytes(gif));
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal(((byte[])[0, 1, 2, 0, 3, 1]).SelectMany(GifWriter.Colour), image.Pixels.ToArray());
    }

    [Fact]
    public void What_is_worked_in_is_given_back_whether_the_file_is_whole_or_cut()
    {
        DecodeMemory memory = new(1_000_000);
        byte[] gif = new GifWriter { Width = 30, Height = 20, Bits = 2, Frame = (0, 0, 30, 20) }.Write([.. Enumerable.Range(0, 600).Select(i => (byte)(i % 4))]);
        using (Decoder.Decode(gif, new DecodeOptions { Memory = memory }))
        {
            Assert.Equal(3 * 600, memory.Reserved);
        }

        Assert.Equal(0, memory.Reserved);
        Assert.Throws<InvalidImageException>(() => Decoder.Decode(gif.AsSpan(0, gif.Length - 20), new DecodeOptions { Memory = memory }));
        Assert.Equal(0, memory.Reserved);
    }

    [Fact]
    public void Cut_and_damaged_files_are_refused_or_complete()
    {
        byte[] indices = [.. Enumerable.Range(0, 40 * 30).Select(i => (byte)(i * 7 % 16))];
        byte[] gif = new GifWriter { Width = 40, Height = 30, Bits = 4, Frame = (0, 0, 40, 30) }.Write(indices);
        byte[] whole = [.. indices.SelectMany(GifWriter.Colour)];
        for (int length = 0; length < gif.Length; length++)
        {
            try
            {
                using RgbImage image = Decoder.Decode(gif.AsSpan(0, length), new DecodeOptions());
                Assert.Equal(whole, image.Pixels.ToArray());
                Assert.InRange(length, gif.Length - 8, gif.Length);
            }
            catch (InvalidImageException)
            {
                Assert.InRange(length, 0, gif.Length - 1);
            }
        }

        DecodeOptions options = new() { Limits = new DecodeLimits { MaxPixels = 1_000_000 } };
        MutationRun run = new("GIF", 3000, damaged => Decoder.Decode(damaged, options).Dispose()) { IsRefusal = e => e is InvalidImageException };

        run.Execute(random => Mutation.Picture(gif, random));

        Assert.InRange(run.Refused, 1, run.Count - 1);
    }
}
