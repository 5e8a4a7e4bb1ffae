using System.Buffers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Files;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging.Preprocessing;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>Writes a gallery folder: adds and removes images, and makes the changes visible by atomic commits.</summary>
/// <remarks>
/// <para>
/// A commit writes new files, waits until they are on the disk, and then swaps the manifest: a kill or a power cut at any moment leaves
/// the folder as it was before or after it, and readers see the one or the other. Changes that were not committed are lost.
/// </para>
/// <para>
/// One writer at a time holds the folder, across processes. Not for concurrent use. After an exception of <see cref="Commit"/>,
/// <see cref="Compact"/> or <see cref="Refold"/> (a full disk, say) the writer refuses further work; the folder is intact: open it again.
/// </para>
/// </remarks>
public sealed partial class GalleryWriter : IDisposable
{
    internal const string LockName = "writer.lock";
    private readonly string _folder;
    private readonly GalleryStorage _storage;
    private readonly FileStream _lock;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly List<SegmentManifest> _finished = [];
    private readonly Dictionary<string, (string Segment, int Row)> _pendingIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<int>> _removed = new(StringComparer.Ordinal);
    private GalleryManifest _manifest;
    private SegmentWriter? _current;
    private IReadOnlyList<GalleryRoot>? _roots;
    private long _nextSegment;
    private int _committedRemoved;
    private bool _closed;

    private GalleryWriter(string folder, GalleryStorage storage, FileStream lockFile, GalleryManifest manifest)
    {
        _folder = folder;
        _storage = storage;
        _lock = lockFile;
        _manifest = manifest;
        Committed = GalleryFolder.Map(folder, manifest);
        _nextSegment = 1;
        foreach (string file in DeleteUnreferenced())
        {
            _nextSegment = Math.Max(_nextSegment, SegmentNames.NumberOf(file) + 1);
        }
    }

    /// <summary>The gallery as last committed, by this writer or before it.</summary>
    public Gallery Committed { get; private set; }

    /// <summary>The encoders whose embeddings the gallery holds.</summary>
    public GalleryModel Model => _manifest.Model;

    /// <summary>The number of images, changes that are not committed included.</summary>
    public int Count => Committed.Count - _committedRemoved + _pendingIds.Count;

    /// <summary>The number of images that were added and not yet committed.</summary>
    public int Uncommitted => _pendingIds.Count;

    /// <summary>Opens a gallery folder for writing; makes one where there is none.</summary>
    /// <param name="folder">The folder; may not exist. Files in it that do not belong to a gallery are left alone.</param>
    /// <param name="model">The encoders of the embeddings that will be added.</param>
    /// <param name="options">What a new gallery stores; an existing one keeps its own (see <see cref="Refold"/>). <see langword="null"/> for the defaults.</param>
    /// <returns>The writer; dispose it to let others write.</returns>
    /// <exception cref="GalleryLockedException">Somebody else is writing to the folder.</exception>
    /// <exception cref="InvalidGalleryException">The folder holds a gallery of another model, of a newer version, or a damaged one.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static GalleryWriter Open(string folder, GalleryModel model, GalleryWriterOptions? options = null)
        => Open(folder, model, options, GalleryStorage.Disk);

    internal static GalleryWriter Open(string folder, GalleryModel model, GalleryWriterOptions? options, GalleryStorage storage, bool rebuild = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(model.Dimensions, 1, nameof(model));
        options ??= new GalleryWriterOptions();
        FileFailure.Promised(folder, () => Directory.CreateDirectory(folder));
        FileStream lockFile = Lock(folder);
        try
        {
            GalleryManifest manifest = File.Exists(Path.Combine(folder, GalleryManifest.FileName))
                ? Continue(folder, GalleryManifest.Read(folder), model, rebuild)
                : new GalleryManifest(Guid.NewGuid().ToString("N"), 0, model, options.StoredBeta, options.StoreCompressed, []);
            return new GalleryWriter(folder, storage, lockFile, manifest);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Whether the gallery has an image with this id, changes that are not committed included.</summary>
    /// <param name="id">The id.</param>
    /// <returns><see langword="true"/> if it has.</returns>
    public bool Contains(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _pendingIds.ContainsKey(id) || FindCommitted(id, out _, out _);
    }

    /// <summary>Adds an image. To replace one, remove it first.</summary>
    /// <param name="entry">The image and its embeddings.</param>
    /// <exception cref="InvalidGalleryException">The gallery already has the id, or the captions are not as many as their embeddings.</exception>
    /// <exception cref="Embeddings.InvalidEmbeddingException">An embedding has another dimension, is not finite, or is zero.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Add(GalleryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Append(entry, new ItemRecord(entry.Id) { Captions = entry.Captions, Metadata = entry.Metadata }, replace: false);
    }

    /// <summary>Removes an image.</summary>
    /// <param name="id">The id.</param>
    /// <returns>Whether the gallery had it.</returns>
    public bool Remove(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        ThrowIfClosed();
        if (_pendingIds.Remove(id, out (string Segment, int Row) pending))
        {
            RemovedOf(pending.Segment).Add(pending.Row);
            return true;
        }

        if (!FindCommitted(id, out int segment, out int row))
        {
            return false;
        }

        RemovedOf(_manifest.Segments[segment].Name).Add(row);
        _committedRemoved++;
        return true;
    }

    /// <summary>Ends the work and lets others write. Changes that were not committed are lost.</summary>
    public void Dispose()
    {
        _closed = true;
        _current?.Dispose();
        _current = null;
        _lock.Dispose();
    }

    /// <summary>Whether no earlier write failed.</summary>
    internal bool CanWrite => !_closed;

    /// <summary>The folders that the gallery follows, changes that are not committed included.</summary>
    internal IReadOnlyList<GalleryRoot> Roots => _roots ?? _manifest.Roots;

    /// <summary>Sets the folders that the gallery follows.</summary>
    internal void SetRoots(IReadOnlyList<GalleryRoot> roots)
    {
        ThrowIfClosed();
        bool same = roots.Select(PartsOf).SequenceEqual(Roots.Select(PartsOf));
        _roots = same ? _roots : roots;

        static object PartsOf(GalleryRoot root) => (root.Name, root.Path, root.FromGallery, root.Naming);
    }

    /// <summary>Adds an image in the place of the one that has its id. If it cannot be added, that one stays.</summary>
    internal void Put(GalleryEntry entry, ItemRecord record) => Append(entry, record, replace: true);

    /// <summary>Writes a small file that the manifest does not name.</summary>
    internal void WriteBeside(string name, byte[] content)
    {
        ThrowIfClosed();
        string path = Path.Combine(_folder, name), temporary = path + ".tmp";
        using (Stream stream = _storage.Create(temporary))
        {
            stream.Write(content);
            _storage.Flush(stream);
        }

        _storage.Replace(temporary, path);
    }

    private void Append(GalleryEntry entry, ItemRecord record, bool replace)
    {
        ThrowIfClosed();
        int dimensions = Model.Dimensions;
        int captionCount = entry.CaptionEmbeddings.Length / dimensions;
        if (entry.CaptionEmbeddings.Length % dimensions != 0 || (entry.Captions.Count != 0 && entry.Captions.Count != captionCount))
        {
            throw new InvalidGalleryException(
                $"The image '{entry.Id}' has {entry.Captions.Count} captions and {entry.CaptionEmbeddings.Length} numbers of caption embeddings; "
                + $"expected {dimensions} for each caption.");
        }

        if (!replace && Contains(entry.Id))
        {
            throw new InvalidGalleryException($"The gallery already has an image with the id '{entry.Id}'. Remove it first, or choose another id.");
        }

        float[] image = new float[dimensions];
        Embeddings.EmbeddingGuard.ThrowIfDimensionsDiffer(entry.Image.Length, dimensions, $"The image embedding of '{entry.Id}'");
        float length = UnitRows.Split(entry.Image.Span, image, $"The image embedding of '{entry.Id}'");
        float[] captions = new float[entry.CaptionEmbeddings.Length];
        float[] captionLengths = new float[captionCount];
        for (int j = 0; j < captionCount; j++)
        {
            captionLengths[j] = UnitRows.Split(
                entry.CaptionEmbeddings.Span.Slice(j * dimensions, dimensions), captions.AsSpan(j * dimensions, dimensions), $"The embedding of caption {j} of '{entry.Id}'");
        }

        _line.ResetWrittenCount();
        ItemLine.Write(record, _line);
        CloseOnFailure(() =>
        {
            Remove(entry.Id);
            _current ??= NewSegment();
            _current.Append(_line.WrittenSpan, IdHash.Compute(entry.Id), image, length, captions, captionLengths);
            _pendingIds.Add(entry.Id, (_current.Name, _current.Rows - 1));
            if (_current.Rows >= MaxSegmentRows)
            {
                FinishCurrent(_manifest.Generation + 1);
            }
        });
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            return FileFailure.Promised(path, () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (FileFailure.IsSharingViolation(e))
        {
            throw new GalleryLockedException(folder, e);
        }
    }

    private static GalleryManifest Continue(string folder, GalleryManifest manifest, GalleryModel model, bool rebuild)
    {
        if ((rebuild || manifest.Segments.Count == 0) && manifest.Model.Dimensions == model.Dimensions && (rebuild || manifest.Model.ImageModelId == model.ImageModelId))
        {
            return manifest.Renewed(model); // By the one commit that drops every old row.
        }

        if (manifest.RowsSince < 2 && manifest.Model.ImageModelId != model.ImageModelId)
        {
            throw new InvalidGalleryException($"{GalleryManifest.OldRows(folder)} Until then nothing can be added to it.");
        }

        manifest.Model.ThrowIfOther(
            new Embeddings.EncoderInfo(model.ImageModelId, model.Dimensions, false),
            model.TextModelId is null ? null : new Embeddings.EncoderInfo(model.TextModelId, model.Dimensions, false));
        manifest.Model.ThrowIfOther(model.Reading, alsoDecoder: true);
        string? longer = (manifest.Model.Reading?.Decoder?.Length ?? 0) >= (model.Reading?.Decoder?.Length ?? 0) ? manifest.Model.Reading?.Decoder : model.Reading!.Decoder;
        return manifest with
        {
            Model = manifest.Model with
            {
                TextModelId = manifest.Model.TextModelId ?? model.TextModelId,
                Reading = (manifest.Model.Reading ?? ImageReading.Old) with { Decoder = longer },
            },
        };
    }

    private bool FindCommitted(string id, out int segment, out int row)
        => Committed.TryLocate(id, out segment, out row)
            && !(_removed.TryGetValue(_manifest.Segments[segment].Name, out SortedSet<int>? rows) && rows.Contains(row));

    // The rows to be removed from a segment: those that were, and those that are being.
    private SortedSet<int> RemovedOf(string segment)
    {
        if (!_removed.TryGetValue(segment, out SortedSet<int>? rows))
        {
            int index = _manifest.Segments.ToList().FindIndex(committed => committed.Name == segment);
            rows = index < 0 ? [] : [.. Committed.Segments[index].Removed.Span];
            _removed.Add(segment, rows);
        }

        return rows;
    }

    private SegmentWriter NewSegment()
        => new(_storage, _folder, _manifest.GalleryId, SegmentNames.Segment(_nextSegment++), Model.Dimensions);

    private void CloseOnFailure(Action action)
    {
        bool succeeded = false;
        try
        {
            action();
            succeeded = true;
        }
        finally
        {
            _closed |= !succeeded;
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new ObjectDisposedException(nameof(GalleryWriter), "The writer was disposed, or an earlier write failed. Open the folder again; what was committed is there.");
        }
    }
}
