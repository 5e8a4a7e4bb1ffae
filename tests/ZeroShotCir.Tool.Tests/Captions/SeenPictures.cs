using SkiaSharp;

namespace ZeroShotCir.Tool.Tests.Captions;

/// <summary>What a model that compares pixels makes of the pictures that it is shown.</summary>
internal static class SeenPictures
{
    /// <summary>How far a picture is from another of its size, in levels a pixel.</summary>
    public static double Distance(byte[] image, SKBitmap target)
    {
        using SKBitmap seen = SKBitmap.Decode(image);
        return Distance(seen, 0, 0, target);
    }

    /// <summary>The same of each cell of a numbered grid: three columns of 224 pixels, gaps of 8, numbers of 28 and 8 pixels above; a picture of 96 stands in the middle.</summary>
    public static IEnumerable<double> Cells(byte[] grid, int count, SKBitmap target)
    {
        using SKBitmap seen = SKBitmap.Decode(grid);
        for (int i = 0; i < count; i++)
        {
            int left = 8 + (i % 3 * 232) + ((224 - target.Width) / 2), top = 8 + (i / 3 * (224 + 36 + 8)) + 36 + ((224 - target.Height) / 2);
            yield return Distance(seen, left, top, target);
        }
    }

    /// <summary>The numbers of pictures, the nearest first.</summary>
    public static int[] ByDistance(double[] distances) => [.. Enumerable.Range(0, distances.Length).OrderBy(i => distances[i]).Select(i => i + 1)];

    private static double Distance(SKBitmap seen, int left, int top, SKBitmap target)
    {
        double sum = 0;
        for (int y = 0; y < target.Height; y++)
        {
            for (int x = 0; x < target.Width; x++)
            {
                SKColor a = seen.GetPixel(left + x, top + y), b = target.GetPixel(x, y);
                sum += Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue);
            }
        }

        return sum / (target.Width * target.Height);
    }
}
