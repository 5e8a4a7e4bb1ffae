namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>A box of an image in pixels of the file, grown on every side and padded to a square, as GeneCIS cuts out objects.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Dilation">By what share of its size the box grows; 0.7 in GeneCIS.</param>
public sealed record ImageCrop(int X, int Y, int Width, int Height, double Dilation = 0.7);
