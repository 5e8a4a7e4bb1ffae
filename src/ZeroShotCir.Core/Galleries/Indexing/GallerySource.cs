using System.Collections.ObjectModel;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>An image file that a gallery folder is to hold.</summary>
public sealed record GallerySource
{
    private readonly FilePath _path;

    /// <summary>Names a file.</summary>
    /// <param name="id">The id, unique in the gallery.</param>
    /// <param name="path">The path of the image file.</param>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public GallerySource(string id, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Id = id;
        _path = new FilePath(path, "", 0);
    }

    internal GallerySource(string id, ImageFolderFile file)
    {
        Id = id;
        _path = file.Place;
        Stamp = file.Stamp;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The path of the image file.</summary>
    public string Path => _path.ToString();

    /// <summary>The captions of the image.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: the captions the gallery has, as long as the image stays the same; none otherwise.
    /// </value>
    public IReadOnlyList<string>? Captions { get; init; }

    /// <summary>Where the image lies below a root, if a folder was looked at.</summary>
    internal ItemPlace? Place { get; init; }

    /// <summary>What the file system said of the file when it was found; <see langword="null"/> where it has to be asked.</summary>
    internal FileStamp? Stamp { get; init; }

    /// <summary>What to keep with the image.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
