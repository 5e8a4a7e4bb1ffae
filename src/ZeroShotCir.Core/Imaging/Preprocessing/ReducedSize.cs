namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>How small a picture may come that is resized anyway.</summary>
internal static class ReducedSize
{
    /// <summary>It has this many pixels at least along each edge for each that it is resized to.</summary>
    private const int LeastScale = 2;

    /// <summary>The least size of a picture as it is stored.</summary>
    /// <param name="upright">How it lies.</param>
    /// <param name="width">The columns that the upright picture is resized to.</param>
    /// <param name="height">The rows that it is resized to.</param>
    public static ImageSize Least(UprightPixels upright, long width, long height)
    {
        ImageSize least = new((int)Math.Min(LeastScale * width, upright.Width), (int)Math.Min(LeastScale * height, upright.Height));
        return upright.IsTransposed ? new ImageSize(least.Height, least.Width) : least;
    }
}
