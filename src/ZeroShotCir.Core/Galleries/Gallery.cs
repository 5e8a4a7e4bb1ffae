using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries;

/// <summary>
/// The searchable set of images: for each its id, image embedding, captions (any number, also none) with their embeddings, and metadata.
/// </summary>
/// <remarks>
/// <para>
/// Immutable and thread-safe. Made of embeddings in memory, or opened from a folder, which maps files and reads almost nothing; an
/// opened gallery is the state of the folder at that moment and stays so while the folder changes. There is nothing to dispose: mapped
/// files are closed at once, and unmapped when the gallery and everything read from it are no longer referenced.
/// </para>
/// <para>
/// Ordinals are positions: a search returns them, and ties go to the smaller one. They are valid for this object only. The ordinal of a
/// removed item is not given to another one until the folder is compacted.
/// </para>
/// </remarks>
public sealed partial class Gallery
{
    private readonly GallerySegment[] _segments;
    private readonly int[] _firstOrdinals;
    private readonly Lazy<ulong[]> _present;

    internal Gallery(IReadOnlyList<GallerySegment> segments, int dimensions, GalleryModel? model, double? storedBeta)
    {
        _segments = [.. segments];
        Dimensions = dimensions;
        Model = model;
        StoredBeta = storedBeta;
        _firstOrdinals = new int[_segments.Length];
        long ordinals = 0, captions = 0, removed = 0;
        for (int i = 0; i < _segments.Length; i++)
        {
            _firstOrdinals[i] = (int)ordinals;
            ordinals += _segments[i].Rows;
            captions += _segments[i].Captions.Rows.Rows;
            removed += _segments[i].Removed.Length;
            if (ordinals > Array.MaxLength)
            {
                throw new InvalidGalleryException($"The gallery has more than {Array.MaxLength} items, more than one index can hold. Split it.");
            }
        }

        OrdinalCount = (int)ordinals;
        Count = (int)(ordinals - removed);
        CaptionCount = captions;
        _present = new Lazy<ulong[]>(FindPresent);
    }

    /// <summary>The number of images.</summary>
    public int Count { get; }

    /// <summary>One more than the largest ordinal: <see cref="Count"/> and the items that were removed but not yet compacted away.</summary>
    public int OrdinalCount { get; }

    /// <summary>The number of caption embeddings, those of removed items included.</summary>
    public long CaptionCount { get; }

    /// <summary>The number of components of an embedding.</summary>
    public int Dimensions { get; }

    /// <summary>The encoders the embeddings came from; <see langword="null"/> where nobody said.</summary>
    public GalleryModel? Model { get; }

    /// <summary>The caption weight β whose folded rows are stored, so that searching with it computes nothing first.</summary>
    public double? StoredBeta { get; }

    /// <summary>The folders of images that were indexed, where they are now; empty where no folder was.</summary>
    public IReadOnlyList<GalleryRoot> Roots { get; internal init; } = [];

    /// <summary>What was measured of a corpus of texts, for the strategy <c>basic</c>; <see langword="null"/> where nobody made it.</summary>
    /// <exception cref="InvalidGalleryException">Its file is damaged, or was made with another text encoder.</exception>
    public CorpusProjection? Projection => KeptProjection?.Value;

    /// <summary>The projection, read when it is first asked for.</summary>
    internal Lazy<CorpusProjection?>? KeptProjection { get; init; }

    /// <summary>What whoever searches the gallery should be told, in one sentence; <see langword="null"/> for nothing.</summary>
    public string? Warning { get; internal init; }

    /// <summary>The number of the commit that was opened.</summary>
    internal long Generation { get; init; }

    /// <summary>What the folder's gallery is called, so that another one in its place is noticed.</summary>
    internal string? GalleryId { get; init; }

    /// <summary>Makes a gallery of embeddings.</summary>
    /// <param name="ids">One id for each image, all different.</param>
    /// <param name="images">One raw image embedding for each id; row = ordinal.</param>
    /// <param name="captions">The raw embeddings of the captions; <see langword="null"/> where there are none.</param>
    /// <param name="captionTexts">The captions themselves, one list for each id, as many as there are embeddings; <see langword="null"/> where nobody needs them.</param>
    /// <param name="metadata">What to keep with each image; <see langword="null"/> for nothing.</param>
    /// <param name="model">The encoders the embeddings came from; <see langword="null"/> leaves them unchecked.</param>
    /// <returns>The gallery.</returns>
    /// <exception cref="ArgumentException">Counts do not fit.</exception>
    /// <exception cref="InvalidGalleryException">An id is empty or occurs twice.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding has another dimension, is not finite, or is zero and so has no direction.</exception>
    public static Gallery FromEmbeddings(
        IReadOnlyList<string> ids,
        EmbeddingMatrix images,
        CaptionEmbeddings? captions = null,
        IReadOnlyList<IReadOnlyList<string>>? captionTexts = null,
        IReadOnlyList<IReadOnlyDictionary<string, string>>? metadata = null,
        GalleryModel? model = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(images);
        int count = ids.Count;
        ThrowIfCountsDiffer(images.Rows, count, "image embeddings", nameof(images));
        ThrowIfCountsDiffer(captions?.Items ?? count, count, "items' captions", nameof(captions));
        ThrowIfCountsDiffer(captionTexts?.Count ?? count, count, "lists of caption texts", nameof(captionTexts));
        ThrowIfCountsDiffer(metadata?.Count ?? count, count, "items' metadata", nameof(metadata));
        EmbeddingGuard.ThrowIfDimensionsDiffer(images.Dimensions, model?.Dimensions ?? images.Dimensions, "The image embeddings");
        captions ??= CaptionEmbeddings.None(count, images.Dimensions);
        EmbeddingGuard.ThrowIfDimensionsDiffer(captions.Rows.Dimensions, images.Dimensions, "The caption embeddings");

        ItemRecord[] records = new ItemRecord[count];
        for (int i = 0; i < count; i++)
        {
            records[i] = new ItemRecord(ids[i]);
            if (captionTexts is not null)
            {
                ThrowIfCountsDiffer(captionTexts[i].Count, captions.CountOf(i), $"captions of '{ids[i]}'", nameof(captionTexts));
                records[i] = records[i] with { Captions = captionTexts[i] };
            }

            if (metadata is not null)
            {
                records[i] = records[i] with { Metadata = metadata[i] };
            }
        }

        MemoryItemTable items = new(records);
        EmbeddingMatrix unitImages = UnitRows.Split(images, row => $"The image embedding of '{ids[row]}'", out float[] imageLengths);
        EmbeddingMatrix unitCaptions = UnitRows.Split(captions.Rows, row => $"The caption embedding in row {row}", out float[] captionLengths);
        GallerySegment segment = new()
        {
            Items = items,
            Images = unitImages,
            ImageLengths = imageLengths,
            Captions = captions.WithRows(unitCaptions),
            CaptionLengths = captionLengths,
        };
        return new Gallery([segment], images.Dimensions, model, null);
    }

    /// <summary>Opens a gallery folder by mapping its files. Checksums are not computed: see <see cref="GalleryVerifier"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The gallery as last committed. Opening while somebody commits gives the old or the new state, never a mix.</returns>
    /// <exception cref="InvalidGalleryException">
    /// The folder is not a gallery, was written by a newer version, or a file is missing, truncated, malformed or of another gallery.
    /// </exception>
    public static Gallery Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return GalleryFolder.Open(folder, out _);
    }

    /// <summary>The id of an item.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public string IdOf(int ordinal)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        return segment.Items.IdOf(row);
    }

    /// <summary>What is known of an item beside its embeddings.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns>Id, captions and metadata.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public GalleryItem ItemAt(int ordinal)
    {
        ItemRecord record = RecordAt(ordinal);
        return new GalleryItem(ordinal, record.Id, record.Captions, record.Metadata);
    }

    /// <summary>Whether an item was removed; its ordinal and embeddings stay until the folder is compacted.</summary>
    /// <param name="ordinal">From 0 to <see cref="OrdinalCount"/> - 1.</param>
    /// <returns><see langword="true"/> if no search may return it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of this gallery.</exception>
    public bool IsRemoved(int ordinal)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        return segment.IsRemoved(row);
    }

    /// <summary>Looks an id up.</summary>
    /// <param name="id">The id, in any Unicode form: where no id is the very same, the one that reads the same is found.</param>
    /// <param name="ordinal">Its ordinal, or -1.</param>
    /// <returns>Whether the gallery has it, and no second one that reads the same; removed items do not count.</returns>
    public bool TryGetOrdinal(string id, out int ordinal)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (TryLocate(id, out int segment, out int row))
        {
            ordinal = _firstOrdinals[segment] + row;
            return true;
        }

        List<int> twins = FindTwins(id);
        ordinal = twins.Count == 1 ? twins[0] : -1;
        return twins.Count == 1;
    }

    /// <summary>The ordinal of an id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>Its ordinal.</returns>
    /// <exception cref="UnknownItemException">The gallery has no such id.</exception>
    public int OrdinalOf(string id)
    {
        if (TryGetOrdinal(id, out int ordinal))
        {
            return ordinal;
        }

        throw new UnknownItemException(id, ExplainUnknown(id));
    }

    /// <summary>Refuses encoders whose embeddings cannot be compared with those of this gallery.</summary>
    /// <param name="imageEncoder">What the image encoder writes, or <see langword="null"/> to leave it unchecked.</param>
    /// <param name="textEncoder">What the text encoder writes, or <see langword="null"/> to leave it unchecked.</param>
    /// <param name="composedEncoder">What the encoder of images and texts together writes, or <see langword="null"/> to leave it unchecked.</param>
    /// <exception cref="InvalidGalleryException">An encoder is another one, or of another dimension; the message names both.</exception>
    public void ThrowIfOther(EncoderInfo? imageEncoder, EncoderInfo? textEncoder, EncoderInfo? composedEncoder = null)
    {
        // The first format named models otherwise than today, so that its name tells nothing; its warning says so.
        if (Model is not null && Warning is null)
        {
            Model.ThrowIfOther(imageEncoder, textEncoder, composedEncoder);
            return;
        }

        foreach (EncoderInfo info in new[] { imageEncoder, textEncoder, composedEncoder }.OfType<EncoderInfo>())
        {
            if (info.Dimensions != Dimensions)
            {
                throw new InvalidGalleryException(
                    $"The gallery holds embeddings of {Dimensions} dimensions, the encoder '{info.ModelId}' writes {info.Dimensions}. Use the model the gallery was made with.");
            }
        }
    }

    internal IReadOnlyList<GallerySegment> Segments => _segments;

    internal bool TryLocate(string id, out int segment, out int row)
    {
        for (segment = _segments.Length - 1; segment >= 0; segment--)
        {
            foreach (int candidate in _segments[segment].Items.Find(id))
            {
                if (!_segments[segment].IsRemoved(candidate))
                {
                    row = candidate;
                    return true;
                }
            }
        }

        row = -1;
        return false;
    }

    internal bool TryGetExactOrdinal(string id, out int ordinal)
    {
        bool found = TryLocate(id, out int segment, out int row);
        ordinal = found ? _firstOrdinals[segment] + row : -1;
        return found;
    }

    internal ItemRecord RecordAt(int ordinal)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        return segment.Items.Read(row);
    }

    internal bool HasIdAt(int ordinal, string id)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        return segment.Items.HasId(row, id);
    }

    internal string? UnchangedContentAt(int ordinal, string id, ItemPlace place, FileStamp file)
    {
        (GallerySegment segment, int row) = Locate(ordinal);
        return segment.Items.FindUnchanged(row, id, place, file);
    }

    private (GallerySegment Segment, int Row) Locate(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, OrdinalCount);
        int index = Array.BinarySearch(_firstOrdinals, ordinal);
        if (index < 0)
        {
            index = ~index - 1;
        }

        // Empty segments share their first ordinal with the segment that follows.
        while (ordinal - _firstOrdinals[index] >= _segments[index].Rows)
        {
            index++;
        }

        return (_segments[index], ordinal - _firstOrdinals[index]);
    }

    private ulong[] FindPresent()
    {
        if (Count == OrdinalCount)
        {
            return [];
        }

        ulong[] present = new ulong[(OrdinalCount + 63) / 64];
        present.AsSpan().Fill(ulong.MaxValue);
        for (int i = 0; i < _segments.Length; i++)
        {
            foreach (int row in _segments[i].Removed.Span)
            {
                int ordinal = _firstOrdinals[i] + row;
                present[ordinal >> 6] &= ~(1UL << (ordinal & 63));
            }
        }

        return present;
    }

    private static void ThrowIfCountsDiffer(int actual, int expected, string what, string parameter)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{actual} {what} were given, expected {expected}: one for each.", parameter);
        }
    }
}
