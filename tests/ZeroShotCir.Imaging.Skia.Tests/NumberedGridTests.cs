using SkiaSharp;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Grids;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

public sealed class NumberedGridTests
{
    private static readonly string[] Ten =
    [
        "..#...###.",
        ".##..#...#",
        "..#..#..##",
        "..#..#.#.#",
        "..#..##..#",
        "..#..#...#",
        ".###..###.",
    ];

    [Fact]
    public void Pictures_stand_in_rows_unchanged_where_they_fit()
    {
        NumberedGrid grid = new(new SkiaImageDecoder(), new NumberedGridOptions { Edge = 64 });
        ImageData[] pictures = [.. Enumerable.Range(0, 5).Select(i => Noise(64, 48, i))];

        using SKBitmap drawn = Decode(grid.Draw(pictures));

        Assert.Equal((grid.SizeOf(5).Width, grid.SizeOf(5).Height), (drawn.Width, drawn.Height));
        for (int i = 0; i < pictures.Length; i++)
        {
            // Gaps of 8, a strip of 7 dots and 8 pixels above each picture, which stands in the middle of its square.
            using SKBitmap picture = Decode(pictures[i]);
            int left = 8 + (i % 3 * 72), top = 8 + (i / 3 * (64 + 15 + 8)) + 15;
            for (int y = 0; y < 48; y++)
            {
                for (int x = 0; x < 64; x++)
                {
                    Assert.Equal(picture.GetPixel(x, y), drawn.GetPixel(left + x, top + 8 + y));
                }
            }

            Assert.Equal(new SKColor(224, 224, 224), drawn.GetPixel(left, top));
        }
    }

    [Fact]
    public void Every_picture_has_its_number_above_it()
    {
        NumberedGrid grid = new(new SkiaImageDecoder(), new NumberedGridOptions { Edge = 32, Columns = 10 });

        using SKBitmap drawn = Decode(grid.Draw([.. Enumerable.Range(0, 10).Select(i => Noise(32, 32, i))]));

        for (int y = 0; y < 7; y++)
        {
            // A dot is a pixel here, and a digit six of them wide with the gap behind it.
            string row = string.Concat(Enumerable.Range(0, 11).Where(x => x != 5).Select(x => drawn.GetPixel(8 + (9 * 40) + x, 8 + y) == SKColors.Black ? '#' : '.'));
            Assert.Equal(Ten[y], row);
        }
    }

    [Fact]
    public void A_large_picture_is_scaled_down_and_a_small_one_is_not_enlarged()
    {
        NumberedGrid grid = new(new SkiaImageDecoder(), new NumberedGridOptions { Edge = 56 });

        using SKBitmap drawn = Decode(grid.Draw([Plain(560, 280, SKColors.Red), Plain(6, 4, SKColors.Blue)]));

        Assert.Equal(56 * 28, Count(SKColors.Red));
        Assert.Equal(6 * 4, Count(SKColors.Blue));

        int Count(SKColor color) => drawn.Pixels.Count(pixel => pixel == color);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused()
    {
        NumberedGrid grid = new(new SkiaImageDecoder());

        Assert.Throws<ArgumentException>(() => grid.Draw([]));
        Assert.Throws<InvalidImageException>(() => grid.Draw([new ImageData(new byte[] { 1, 2, 3 }, "image/png")]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumberedGridOptions { Edge = 31 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumberedGridOptions { Columns = 0 });
    }

    private static ImageData Noise(int width, int height, int seed)
    {
        Random random = new(seed);
        return Encode(width, height, _ => new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
    }

    private static ImageData Plain(int width, int height, SKColor color) => Encode(width, height, _ => color);

    private static ImageData Encode(int width, int height, Func<int, SKColor> color)
    {
        using SKBitmap bitmap = new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(color)];
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new ImageData(png.ToArray(), "image/png");
    }

    private static SKBitmap Decode(ImageData image) => SKBitmap.Decode(image.Data.Span);
}
