using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>
/// A gallery that is indexed in parts, by as many processes on as many machines as there are parts, over one shared folder: each part is a
/// gallery of its own below <c>shards/</c>, and at the end they are merged.
/// </summary>
/// <remarks>
/// A part says when it was indexed to its end, and only then is it merged; to index it again begins anew or goes on, as with any gallery.
/// Not for concurrent use, but for other parts.
/// </remarks>
public sealed class ShardedGallery
{
    private const string Shards = "shards";
    private const string CompleteName = "shard-complete";
    private readonly string _folder;

    /// <summary>Names a gallery.</summary>
    /// <param name="folder">The folder of the merged gallery; need not exist.</param>
    public ShardedGallery(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = folder;
    }

    /// <summary>The gallery folder of a part.</summary>
    /// <param name="shard">The part.</param>
    /// <returns>The folder, such as <c>gallery/shards/2-of-4</c>; need not exist.</returns>
    public string FolderOf(GalleryShard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return Path.Combine(_folder, Shards, FormattableString.Invariant($"{shard.Number}-of-{shard.Count}"));
    }

    /// <summary>Says that a part is being indexed: until <see cref="Complete"/> it cannot be merged.</summary>
    /// <param name="shard">The part.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Begin(GalleryShard shard)
    {
        Directory.CreateDirectory(FolderOf(shard));
        File.Delete(MarkOf(shard));
    }

    /// <summary>Says that a part was indexed to its end.</summary>
    /// <param name="shard">The part.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Complete(GalleryShard shard) => File.WriteAllText(MarkOf(shard), shard.ToString());

    /// <summary>Merges all parts by ascending ids: the rows are those of one process, byte for byte.</summary>
    /// <param name="progress">Told how many images are written.</param>
    /// <param name="cancellationToken">Stops the work; the gallery stays as it was.</param>
    /// <returns>The merged gallery.</returns>
    /// <exception cref="InvalidGalleryException">
    /// There are no parts, or of several counts; one is missing or was not indexed to its end; two are of different models or settings, or
    /// have an image in common.
    /// </exception>
    /// <exception cref="GalleryLockedException">Somebody else is writing to the gallery.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Gallery Merge(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        GalleryShard[] shards = FindShards();
        GalleryManifest[] manifests = [.. shards.Select(shard => GalleryManifest.Read(FolderOf(shard)))];
        for (int i = 1; i < shards.Length; i++)
        {
            ThrowIfOther(manifests[0], manifests[i], shards[i]);
        }

        Gallery[] parts = [.. shards.Select(shard => Gallery.Open(FolderOf(shard)))];
        GalleryWriterOptions options = new() { StoredBeta = manifests[0].Beta, StoreCompressed = manifests[0].Compressed };
        using (GalleryWriter writer = GalleryWriter.Open(_folder, manifests[0].Model, options))
        {
            writer.Replace(parts, [.. parts[0].Roots.Select(root => GalleryRoot.Create(root.Name, root.Path, _folder, root.Naming))], progress, cancellationToken);
        }

        return Gallery.Open(_folder);
    }

    private GalleryShard[] FindShards()
    {
        string folder = Path.Combine(_folder, Shards);
        string[] names = Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];
        int[] counts = [.. names.Select(name => GalleryShard.Parse(name.Replace("-of-", "/", StringComparison.Ordinal)).Count).Distinct()];
        if (counts.Length != 1)
        {
            throw new InvalidGalleryException(counts.Length == 0
                ? $"The folder '{folder}' holds no shards. Index them first: each with its number and how many there are."
                : $"The folder '{folder}' holds shards of {counts.Length} divisions: {string.Join(", ", names)}. Delete those of the divisions that are not wanted.");
        }

        GalleryShard[] shards = [.. Enumerable.Range(1, counts[0]).Select(number => new GalleryShard(number, counts[0]))];
        GalleryShard[] unfinished = [.. shards.Where(shard => !File.Exists(MarkOf(shard)))];
        return unfinished.Length == 0
            ? shards
            : throw new InvalidGalleryException(
                $"Of {counts[0]} shards {unfinished.Length} were not indexed to their end: "
                + $"{string.Join(", ", unfinished.Select(shard => shard.ToString()))}. Index them, then merge.");
    }

    private void ThrowIfOther(GalleryManifest first, GalleryManifest other, GalleryShard shard)
    {
        if (first.Model != other.Model || first.Beta != other.Beta || first.Compressed != other.Compressed)
        {
            throw new InvalidGalleryException(
                $"The shard '{FolderOf(shard)}' was indexed with another model or other settings than the first: "
                + $"'{other.Model.ImageModelId}' and '{first.Model.ImageModelId}'. Index it again as the others.");
        }
    }

    private string MarkOf(GalleryShard shard) => Path.Combine(FolderOf(shard), CompleteName);
}
