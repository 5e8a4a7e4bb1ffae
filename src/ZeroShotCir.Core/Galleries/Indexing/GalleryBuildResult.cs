namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What building a gallery folder did. Can be serialized as it is.</summary>
public sealed class GalleryBuildResult
{
    internal GalleryBuildResult()
    {
    }

    /// <summary>How many images were stored: new ones, and others whose file, captions or metadata had changed.</summary>
    public required int Added { get; init; }

    /// <summary>How many of <see cref="Added"/> took the place of what the gallery had under their id.</summary>
    public required int Replaced { get; init; }

    /// <summary>How many images were in the gallery as they are; new times of a file are stored and count as unchanged.</summary>
    public required int Unchanged { get; init; }

    /// <summary>The ids that were removed: their images are missing or cannot be used any more.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>The images whose files were renamed or moved; they were recognized by their bytes and keep their embeddings and captions.</summary>
    public required IReadOnlyList<GalleryRename> Renamed { get; init; }

    /// <summary>The ids of images that are missing and stay in the gallery, because that was asked for or because their whole root seems to be away.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// The images that could not be used, in the order given. Their ids are removed, except where an image only cannot be read now and
    /// nothing says that it changed.
    /// </summary>
    public required IReadOnlyList<GalleryFailure> Failed { get; init; }

    /// <summary>The images that an earlier run could not use, and that are the same files as then.</summary>
    public required IReadOnlyList<GalleryFailure> KnownFailed { get; init; }

    /// <summary>How many files of the folders are no images, by ending (<c>.txt</c>, or <c>(none)</c>).</summary>
    public required IReadOnlyDictionary<string, int> LeftOut { get; init; }

    /// <summary>How many of the images are exact copies of others among them.</summary>
    public required int Duplicates { get; init; }

    /// <summary>How many images the gallery now has.</summary>
    public required int Count { get; init; }
}
