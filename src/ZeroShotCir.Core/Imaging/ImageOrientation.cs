namespace ZeroShotCir.Imaging;

/// <summary>What becomes of the orientation that a camera wrote into a picture (EXIF tag 274).</summary>
public enum ImageOrientation
{
    /// <summary>The picture is turned and mirrored until it is upright, as photo programs show it.</summary>
    Apply,

    /// <summary>The pixels stay as they are stored, as Pillow's <c>Image.open</c> leaves them: for figures that were published so.</summary>
    Ignore,
}
