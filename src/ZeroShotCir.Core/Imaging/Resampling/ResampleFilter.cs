namespace ZeroShotCir.Imaging.Resampling;

/// <summary>How pixels are weighted when an image changes size; the numbers are those of Pillow and of <c>preprocessor_config.json</c>.</summary>
/// <remarks>All but <see cref="Nearest"/> widen with the scale when an image shrinks (antialiasing), as Pillow's do.</remarks>
public enum ResampleFilter
{
    /// <summary>The one nearest pixel.</summary>
    Nearest = 0,

    /// <summary>Windowed sinc over six pixels.</summary>
    Lanczos = 1,

    /// <summary>Triangle over two pixels.</summary>
    Bilinear = 2,

    /// <summary>Cubic with a = -0.5 over four pixels.</summary>
    Bicubic = 3,

    /// <summary>Mean over one pixel.</summary>
    Box = 4,

    /// <summary>Hamming-windowed sinc over two pixels.</summary>
    Hamming = 5,
}
