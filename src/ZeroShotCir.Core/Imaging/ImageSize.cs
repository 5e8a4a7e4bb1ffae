namespace ZeroShotCir.Imaging;

/// <summary>A size in pixels.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>A size of equal edges.</summary>
    /// <param name="edge">Columns and rows.</param>
    /// <returns>The size.</returns>
    public static ImageSize Square(int edge) => new(edge, edge);

    /// <inheritdoc/>
    public override string ToString() => $"{Width} × {Height}";
}
