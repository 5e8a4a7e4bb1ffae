using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>A file that was found in a folder.</summary>
public sealed class ImageFolderFile
{
    internal ImageFolderFile(FilePath place) => Place = place;

    /// <summary>Its path below the folder, with slashes.</summary>
    public string Name => Place.Name;

    /// <summary>Its whole path.</summary>
    public string Path => Place.ToString();

    internal FilePath Place { get; }

    /// <summary>What the file system said of it when it was found; <see langword="null"/> where it did not tell.</summary>
    internal FileStamp? Stamp { get; init; }
}
