namespace ZeroShotCir.Galleries.Storage;

/// <summary>What the images of a folder are called.</summary>
public enum ImageNaming
{
    /// <summary>By their paths below the folder, with slashes.</summary>
    Path,

    /// <summary>By their file names without folder and ending, as data sets call them.</summary>
    FileName,
}
