namespace ZeroShotCir.Imaging;

/// <summary>How stored pixels lie, and so what makes them upright; the numbers are those of EXIF and TIFF (tag 274).</summary>
public enum ExifOrientation
{
    /// <summary>Nothing to do.</summary>
    Upright = 1,

    /// <summary>Left and right are exchanged.</summary>
    Mirrored = 2,

    /// <summary>Upside down: turned by 180 degrees.</summary>
    UpsideDown = 3,

    /// <summary>Top and bottom are exchanged.</summary>
    Flipped = 4,

    /// <summary>Rows and columns are exchanged.</summary>
    Transposed = 5,

    /// <summary>To be turned by 90 degrees clockwise: a phone held upright.</summary>
    TurnRight = 6,

    /// <summary>Rows and columns are exchanged along the other diagonal.</summary>
    Transversed = 7,

    /// <summary>To be turned by 90 degrees counter-clockwise.</summary>
    TurnLeft = 8,
}
