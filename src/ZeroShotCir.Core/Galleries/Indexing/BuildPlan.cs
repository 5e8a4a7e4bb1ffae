using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>What a run is to do: the images that are wanted, and what may be missing among them.</summary>
internal sealed class BuildPlan
{
    private readonly Dictionary<string, Queue<int>> _byContent = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, int>> _positions;

    /// <param name="sources">The images.</param>
    /// <param name="isMissing">Whether an item whose id is not among them is missing, rather than elsewhere.</param>
    /// <param name="gallery">The gallery before the run.</param>
    public BuildPlan(IReadOnlyList<GallerySource> sources, Gallery gallery, Func<ItemRecord, bool> isMissing)
    {
        Sources = sources;
        _positions = new Lazy<Dictionary<string, int>>(() => IndexPositions(sources));
        int[] ordinals = new int[sources.Count];
        Array.Fill(ordinals, -1);
        Ordinals = ordinals;
        int next = 0;
        for (int ordinal = 0; ordinal < gallery.OrdinalCount; ordinal++)
        {
            if (gallery.IsRemoved(ordinal))
            {
                continue;
            }

            // Most are wanted, and stand in the order in which they were stored. To know that takes no more of a line than its id.
            if ((next < sources.Count && gallery.HasIdAt(ordinal, sources[next].Id)) || _positions.Value.TryGetValue(gallery.IdOf(ordinal), out next))
            {
                ordinals[next++] = ordinal;
                continue;
            }

            if (gallery.RecordAt(ordinal) is not { } item || !isMissing(item))
            {
                continue;
            }

            Missing.Add(ordinal, item);
            if (item.Image is { } image)
            {
                if (!_byContent.TryGetValue(image.Sha256, out Queue<int>? same))
                {
                    _byContent.Add(image.Sha256, same = []);
                }

                same.Enqueue(ordinal);
            }
        }
    }

    public IReadOnlyList<GallerySource> Sources { get; }

    /// <summary>Under which ordinals the gallery has the images before the run; -1 where it has none of the id.</summary>
    public IReadOnlyList<int> Ordinals { get; }

    /// <summary>Whether an id is among those of the images.</summary>
    public bool IsWanted(string id) => _positions.Value.ContainsKey(id);

    private static Dictionary<string, int> IndexPositions(IReadOnlyList<GallerySource> sources)
    {
        Dictionary<string, int> positions = new(sources.Count, StringComparer.Ordinal);
        for (int position = 0; position < sources.Count; position++)
        {
            positions.Add(sources[position].Id, position);
        }

        return positions;
    }

    /// <summary>Items whose image is not where it was, by ordinal.</summary>
    public SortedDictionary<int, ItemRecord> Missing { get; } = [];

    /// <summary>The missing item whose image a new file holds: it was renamed or moved. Each is given once.</summary>
    public ItemRecord? TakeRenamed(string sha256)
        => _byContent.TryGetValue(sha256, out Queue<int>? ordinals) && ordinals.TryDequeue(out int ordinal) && Missing.Remove(ordinal, out ItemRecord? item) ? item : null;
}
