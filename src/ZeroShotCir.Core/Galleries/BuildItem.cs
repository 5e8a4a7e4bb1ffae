using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Galleries;

/// <summary>An image on its way into a gallery: what is wanted, what the gallery has, and what was computed.</summary>
internal sealed class BuildItem
{
    private BuildItem(GallerySource source) => Source = source;

    public GallerySource Source { get; }

    public BuildOutcome Outcome { get; private set; }

    public ZeroShotCirException? Error { get; private set; }

    /// <summary>What the gallery has under the id, and where.</summary>
    public ItemRecord? Known { get; private init; }

    public int KnownOrdinal { get; private init; }

    public ImageStamp? Stamp { get; private set; }

    /// <summary>The image, from when it was read until it was encoded; <see langword="null"/> where the gallery has its embedding.</summary>
    public ImageData? Image { get; private set; }

    public ReadOnlyMemory<float> ImageEmbedding { get; private set; }

    public ReadOnlyMemory<float> CaptionEmbeddings { get; set; }

    /// <summary>How many bytes reading the image takes.</summary>
    public long BytesToRead { get; private init; }

    /// <summary>Whether the gallery has the embedding of these very bytes.</summary>
    public bool HasKnownImage => Known?.Image is { } known && known.Sha256 == Stamp?.Sha256;

    public IReadOnlyList<string> Captions => Source.Captions ?? (HasKnownImage ? Known!.Captions : []);

    public bool HasKnownCaptions => HasKnownImage && Captions.SequenceEqual(Known!.Captions);

    /// <summary>Compares a file with what the gallery remembers of it, without reading it.</summary>
    public static BuildItem Look(GallerySource source, Gallery gallery)
    {
        bool known = gallery.TryGetOrdinal(source.Id, out int ordinal);
        ItemRecord? record = known ? gallery.RecordAt(ordinal) : null;
        FileInfo file = new(source.Path);
        if (!file.Exists)
        {
            return new BuildItem(source) { Known = record, KnownOrdinal = ordinal }; // Reading it will say what is wrong.
        }

        // Taken before the file is read: if it changes in between, the next run sees another time.
        ImageStamp stamp = new("", file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        bool same = record?.Image?.HasSameFile(stamp.Bytes, stamp.Modified) == true;
        BuildItem item = new(source)
        {
            Known = record,
            KnownOrdinal = ordinal,
            Stamp = same ? record!.Image : stamp,
            BytesToRead = same ? 0 : file.Length,
        };
        item.Outcome = item.IsAsKnown ? BuildOutcome.Unchanged : BuildOutcome.Pending;
        return item;
    }

    /// <summary>Reads the file, unless it is known to be the one that was encoded.</summary>
    public void Read()
    {
        if (HasKnownImage)
        {
            return;
        }

        try
        {
            ImageData image = ImageData.FromFile(Source.Path);
            Stamp = new ImageStamp(CaptionStore.HashOf(image), Stamp?.Bytes, Stamp?.Modified);
            Image = HasKnownImage ? null : image;
            Outcome = IsAsKnown ? BuildOutcome.Unchanged : BuildOutcome.Pending;
        }
        catch (InvalidImageException e)
        {
            Fail(e);
        }
    }

    public void SetImageEmbedding(ReadOnlyMemory<float> embedding)
    {
        ImageEmbedding = embedding;
        Image = null;
    }

    public void Fail(ZeroShotCirException error)
    {
        Error = error;
        Outcome = BuildOutcome.Failed;
        Image = null;
    }

    public GalleryEntry ToEntry() => new(Source.Id, ImageEmbedding)
    {
        Captions = Captions,
        CaptionEmbeddings = CaptionEmbeddings,
        Metadata = Source.Metadata,
    };

    public ItemRecord ToRecord() => new(Source.Id) { Captions = Captions, Metadata = Source.Metadata, Image = Stamp };

    private bool IsAsKnown => HasKnownCaptions
        && Known!.Metadata.Count == Source.Metadata.Count
        && Known.Metadata.All(entry => Source.Metadata.TryGetValue(entry.Key, out string? value) && value == entry.Value);
}
