using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Onnx.Models;

/// <summary>
/// How an image becomes patches: resized to about as many pixels as the budget of soft tokens allows, its shape kept as well as
/// whole soft tokens do, and cut into squares. As transformers' PIL class of Gemma 4's image processor does it.
/// </summary>
/// <param name="Budget">The most soft tokens of an image.</param>
/// <param name="PatchSize">The edge of a patch in pixels.</param>
/// <param name="Pooling">The edge of a soft token in patches.</param>
/// <param name="Filter">How pixels are weighted when the image changes size.</param>
/// <param name="RescaleFactor">What a byte is multiplied with.</param>
/// <param name="Order">Which pass of a resize runs first.</param>
internal sealed record JointPixels(int Budget, int PatchSize, int Pooling, ResampleFilter Filter, double RescaleFactor, ResizeOrder Order)
{
    private readonly float[] _values = [.. Enumerable.Range(0, 256).Select(value => (float)(value * RescaleFactor))];

    /// <summary>The budgets that models are trained for.</summary>
    public static IReadOnlyList<int> Budgets { get; } = [70, 140, 280, 560, 1120];

    /// <summary>The patches that every image is filled up to.</summary>
    public int Patches => Budget * Pooling * Pooling;

    /// <summary>The numbers of a patch: its pixels row after row, red, green, blue of each.</summary>
    public int PatchValues => 3 * PatchSize * PatchSize;

    private int TokenEdge => PatchSize * Pooling;

    /// <summary>The size that an image is resized to.</summary>
    public ImageSize TargetOf(int width, int height)
    {
        double factor = Math.Sqrt((double)Patches * (PatchSize * PatchSize) / ((double)height * width));
        int rows = (int)Math.Floor(factor * height / TokenEdge);
        int columns = (int)Math.Floor(factor * width / TokenEdge);
        if (rows == 0)
        {
            (rows, columns) = (1, Math.Min(width / height, Budget));
        }
        else if (columns == 0)
        {
            (rows, columns) = (Math.Min(height / width, Budget), 1);
        }

        return new ImageSize(columns * TokenEdge, rows * TokenEdge);
    }

    /// <summary>The soft tokens of an image that has been resized.</summary>
    public int TokensOf(ImageSize target) => target.Width / TokenEdge * (target.Height / TokenEdge);

    /// <summary>Writes the patches of an image that has been resized, filled up with zeros.</summary>
    /// <param name="pixels">The pixels after resizing, three bytes each.</param>
    /// <param name="target">The size that the image was resized to, by <see cref="TargetOf"/>.</param>
    /// <param name="patches"><see cref="Patches"/> × <see cref="PatchValues"/> numbers.</param>
    /// <param name="positions"><see cref="Patches"/> × (column, row); −1 where there is no patch.</param>
    /// <returns>The number of soft tokens.</returns>
    public int Write(ReadOnlySpan<byte> pixels, ImageSize target, Span<float> patches, Span<long> positions)
    {
        int written = 0;
        for (int top = 0; top < target.Height; top += PatchSize)
        {
            for (int left = 0; left < target.Width; left += PatchSize, written++)
            {
                Span<float> patch = patches.Slice(written * PatchValues, PatchValues);
                for (int y = 0; y < PatchSize; y++)
                {
                    ReadOnlySpan<byte> row = pixels.Slice(3 * (((top + y) * target.Width) + left), 3 * PatchSize);
                    Span<float> values = patch.Slice(y * row.Length, row.Length);
                    for (int i = 0; i < row.Length; i++)
                    {
                        values[i] = _values[row[i]];
                    }
                }

                positions[2 * written] = left / PatchSize;
                positions[(2 * written) + 1] = top / PatchSize;
            }
        }

        patches[(written * PatchValues)..].Clear();
        positions[(2 * written)..].Fill(-1);
        return TokensOf(target);
    }
}
