using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What a run is to do: the images that are wanted, and what may be missing among them.</summary>
internal sealed class BuildPlan
{
    private readonly Dictionary<string, Queue<int>> _byContent = new(StringComparer.Ordinal);

    /// <param name="sources">The images.</param>
    /// <param name="isMissing">Whether an item whose id is not among them is missing, rather than elsewhere.</param>
    /// <param name="gallery">The gallery before the run.</param>
    public BuildPlan(IReadOnlyList<GallerySource> sources, Gallery gallery, Func<ItemRecord, bool> isMissing)
    {
        Sources = sources;
        Wanted = sources.Select(source => source.Id).ToHashSet(StringComparer.Ordinal);
        for (int ordinal = 0; ordinal < gallery.OrdinalCount; ordinal++)
        {
            // Most are wanted, and to know that takes no more of a line than its id.
            if (gallery.IsRemoved(ordinal) || Wanted.Contains(gallery.IdOf(ordinal)) || gallery.RecordAt(ordinal) is not { } item || !isMissing(item))
            {
                continue;
            }

            Missing.Add(ordinal, item);
            if (item.Image is { } image)
            {
                if (!_byContent.TryGetValue(image.Sha256, out Queue<int>? ordinals))
                {
                    _byContent.Add(image.Sha256, ordinals = []);
                }

                ordinals.Enqueue(ordinal);
            }
        }
    }

    public IReadOnlyList<GallerySource> Sources { get; }

    public HashSet<string> Wanted { get; }

    /// <summary>Items whose image is not where it was, by ordinal.</summary>
    public SortedDictionary<int, ItemRecord> Missing { get; } = [];

    /// <summary>The missing item whose image a new file holds: it was renamed or moved. Each is given once.</summary>
    public ItemRecord? TakeRenamed(string sha256)
        => _byContent.TryGetValue(sha256, out Queue<int>? ordinals) && ordinals.TryDequeue(out int ordinal) && Missing.Remove(ordinal, out ItemRecord? item) ? item : null;
}
