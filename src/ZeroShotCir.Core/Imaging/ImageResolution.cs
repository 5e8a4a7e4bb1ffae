namespace ZeroShotCir.Imaging;

/// <summary>How many of a picture's pixels are decoded where it is made smaller anyway.</summary>
public enum ImageResolution
{
    /// <summary>All of them, as the programs do that published figures were computed with.</summary>
    Full,

    /// <summary>
    /// Of a JPEG as few eighths of each edge as leave at least twice what it is resized to: several times quicker for photographs, and
    /// embeddings come out a little different. Other formats, and pictures that are not resized while they are decoded, come whole.
    /// </summary>
    Reduced,
}
