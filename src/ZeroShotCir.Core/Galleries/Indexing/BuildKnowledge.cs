using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What a run knows of the gallery before it begins: items by id and by content, and files that could not be used.</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class BuildKnowledge(Gallery gallery, UnusableFiles unusable, GalleryBuilderOptions options)
{
    private readonly Lazy<Dictionary<string, int>> _contents = new(() => IndexContents(gallery));

    public Gallery Gallery => gallery;

    /// <summary>Whether a file of known size and times is taken for the one that was encoded.</summary>
    public bool TrustsStamps => !options.VerifyContent && !options.Rebuild;

    public long MaxImageBytes => options.MaxImageBytes;

    /// <summary>Why a file could not be used by an earlier run, if it is still the same file.</summary>
    public string? FailureOf(GallerySource source, FileStamp file) => TrustsStamps ? unusable.Find(source.Id, file) : null;

    /// <summary>
    /// The SHA-256 of an image, where the line of its item says of id, place, size and times what is to be said of it now. Where that is
    /// <see langword="null"/>, the image may still be unchanged.
    /// </summary>
    public string? UnchangedContentOf(GallerySource source, int ordinal, FileStamp file)
        => ordinal >= 0 && TrustsStamps && file.IsFile && source is { Captions: null, Metadata.Count: 0, Place: { } place }
            ? gallery.UnchangedContentAt(ordinal, source.Id, place, file)
            : null;

    /// <summary>The item that was encoded from these bytes: the one that has the id, or else any.</summary>
    /// <param name="sha256">The hash of the bytes.</param>
    /// <param name="known">The item that has the id, where there is one.</param>
    /// <param name="knownOrdinal">Its ordinal.</param>
    public (ItemRecord? Item, int Ordinal) FindContent(string sha256, ItemRecord? known, int knownOrdinal)
    {
        if (options.Rebuild)
        {
            return (null, -1); // Its embeddings are what is to be replaced.
        }

        if (known?.Image?.Sha256 == sha256)
        {
            return (known, knownOrdinal);
        }

        return _contents.Value.TryGetValue(sha256, out int ordinal) ? (gallery.RecordAt(ordinal), ordinal) : (null, -1);
    }

    /// <summary>Items of the gallery and their ordinals.</summary>
    public static IEnumerable<(ItemRecord Item, int Ordinal)> Items(Gallery gallery)
        => Enumerable.Range(0, gallery.OrdinalCount).Where(ordinal => !gallery.IsRemoved(ordinal)).Select(ordinal => (gallery.RecordAt(ordinal), ordinal));

    private static Dictionary<string, int> IndexContents(Gallery gallery)
    {
        Dictionary<string, int> contents = new(StringComparer.Ordinal);
        foreach ((ItemRecord item, int ordinal) in Items(gallery))
        {
            if (item.Image is { } image)
            {
                contents.TryAdd(image.Sha256, ordinal);
            }
        }

        return contents;
    }
}
