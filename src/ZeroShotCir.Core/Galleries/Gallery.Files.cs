using ZeroShotCir.Composition;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries;

public sealed partial class Gallery
{
    /// <summary>The file of an item's image: its path below its root, where that is now.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns>The path; <see langword="null"/> where nobody said. Whether there is such a file is not looked at.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public string? FileOf(int ordinal) => FileOf(RecordAt(ordinal));

    /// <summary>The SHA-256 of the bytes that an item's embedding was made of: images of equal bytes are copies of each other.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns>64 hexadecimal digits in lower case; <see langword="null"/> for items that were added with their embeddings alone.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public string? ContentOf(int ordinal) => RecordAt(ordinal).Image?.Sha256;

    /// <summary>The folder that was opened; <see langword="null"/> of a gallery in memory, or of one that was derived from another.</summary>
    public string? Folder { get; internal init; }

    /// <summary>Opens the folder again where somebody has committed since; this object stays as it is, for those who still search it.</summary>
    /// <returns>The gallery as last committed; this object itself where nothing has changed.</returns>
    /// <exception cref="InvalidOperationException">The gallery was not opened from a folder.</exception>
    /// <exception cref="InvalidGalleryException">The folder is no gallery any more, or a damaged one.</exception>
    public Gallery Reopen()
    {
        string folder = Folder ?? throw new InvalidOperationException(
            "The gallery was made in memory or derived from another one, so that there is no folder to open again. Open its folder by Gallery.Open.");
        GalleryManifest latest = GalleryManifest.Read(folder);
        return latest.Generation == Generation && latest.GalleryId == GalleryId ? this : Open(folder);
    }

    /// <summary>The same gallery with a root somewhere else, for pictures that were moved and not yet indexed again.</summary>
    /// <param name="name">The name of the root; empty for the unnamed one.</param>
    /// <param name="path">Where it is now.</param>
    /// <returns>The gallery; ordinals are the same.</returns>
    /// <exception cref="InvalidGalleryException">The gallery has no such root; the message lists those it has.</exception>
    public Gallery WithRoot(string name, string path)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Roots.All(root => root.Name != name))
        {
            throw new InvalidGalleryException(Roots.Count == 0
                ? $"The gallery has no roots, so that '{name}' cannot be moved."
                : $"The gallery has no root '{name}'; it has {string.Join(", ", Roots.Select(root => $"'{root.Name}' at '{root.Path}'"))}.");
        }

        return new Gallery(_segments, Dimensions, Model, StoredBeta)
        {
            Roots = [.. Roots.Select(root => root.Name == name ? root.At(Path.GetFullPath(path)) : root)],
            Generation = Generation,
            Warning = Warning,
            KeptProjection = KeptProjection,
        };
    }

    /// <summary>The same gallery with a projection for the strategy <c>basic</c>.</summary>
    /// <param name="projection">The projection.</param>
    /// <returns>The gallery; ordinals are the same.</returns>
    /// <exception cref="InvalidGalleryException">The projection was made with another text encoder or has another dimension.</exception>
    public Gallery WithProjection(CorpusProjection projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        ProjectionFile.ThrowIfOther(projection, Model, Dimensions, "The projection");
        return new Gallery(_segments, Dimensions, Model, StoredBeta)
        {
            Roots = Roots,
            Generation = Generation,
            Warning = Warning,
            KeptProjection = new Lazy<CorpusProjection?>(projection),
        };
    }

    internal string? FileOf(ItemRecord record)
    {
        if (record.Place is { } place)
        {
            return Roots.FirstOrDefault(root => root.Name == place.Root)?.FileOf(place.Path);
        }

        return record.Metadata.GetValueOrDefault("file");
    }

    private List<int> FindTwins(string id)
    {
        List<int> twins = [];
        for (int segment = 0; segment < _segments.Length; segment++)
        {
            twins.AddRange(_segments[segment].Items.FindAnyForm(id).Where(row => !_segments[segment].IsRemoved(row)).Select(row => _firstOrdinals[segment] + row));
        }

        return twins;
    }

    private string ExplainUnknown(string id)
    {
        if (Count == 0)
        {
            return "It is empty.";
        }

        List<int> twins = FindTwins(id);
        if (twins.Count > 1)
        {
            string shown = string.Join(", ", twins.Take(3).Select(twin => $"'{Escape(IdOf(twin))}'"));
            return $"It has {twins.Count} that read the same, written in other Unicode forms: {shown}. Give one of them exactly.";
        }

        int first = -1;
        for (int ordinal = 0; ordinal < OrdinalCount; ordinal++)
        {
            if (IsRemoved(ordinal))
            {
                continue;
            }

            first = first < 0 ? ordinal : first;
            if (IdOf(ordinal).Equals(id, StringComparison.OrdinalIgnoreCase))
            {
                return $"Did you mean '{IdOf(ordinal)}'? Upper and lower case differ.";
            }
        }

        return $"It has {Count} images, the first is '{IdOf(first)}'. Ids are compared character by character, folders and extensions included.";
    }

    private static string Escape(string id) => string.Concat(id.Select(c => c < 128 ? c.ToString() : $"\\u{(int)c:x4}"));
}
