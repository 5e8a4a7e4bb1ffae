namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>Black borders that bring a long image closer to a square before it is resized, so that the center crop loses less of it.</summary>
/// <remarks>As <c>SquarePad</c> and <c>TargetPad</c> of the CLIP4Cir code: half of what is missing, rounded down, on either side.</remarks>
public sealed record ImagePadding
{
    private ImagePadding(double ratio) => Ratio = ratio;

    /// <summary>Pads to a square.</summary>
    public static ImagePadding Square { get; } = new(1);

    /// <summary>The ratio of the longer to the shorter edge up to which images stay as they are; longer ones are padded to it.</summary>
    public double Ratio { get; }

    /// <summary>Pads images that are longer than a ratio to that ratio.</summary>
    /// <param name="ratio">Longer edge / shorter edge; at least 1. CLIP4Cir and its successors use 1.25.</param>
    /// <returns>The padding.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is less than 1 or not finite.</exception>
    public static ImagePadding Target(double ratio)
    {
        if (!(ratio >= 1 && double.IsFinite(ratio)))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The ratio of the longer to the shorter edge is at least 1.");
        }

        return new ImagePadding(ratio);
    }

    /// <summary>The columns added left and right, and the rows added above and below.</summary>
    internal ImageSize BordersOf(int width, int height)
    {
        int longest = Math.Max(width, height);
        if ((double)longest / Math.Min(width, height) < Ratio)
        {
            return default;
        }

        double target = longest / Ratio;
        return new ImageSize(Math.Max((int)((target - width) / 2), 0), Math.Max((int)((target - height) / 2), 0));
    }
}
