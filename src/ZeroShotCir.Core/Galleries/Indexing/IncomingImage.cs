using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>An image on its way into a gallery: what is wanted, what the gallery has, and what was computed.</summary>
internal sealed class IncomingImage
{
    private readonly int _knownOrdinal;
    private FileStamp? _file;
    private ItemRecord? _former;

    private IncomingImage(GallerySource source, int knownOrdinal)
    {
        Source = source;
        _knownOrdinal = knownOrdinal;
    }

    public GallerySource Source { get; }

    public BuildOutcome Outcome { get; private set; }

    /// <summary>Why it cannot be used.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether it is the content that cannot be used, so that trying the same file again is in vain.</summary>
    public bool IsSpoilt { get; private set; }

    /// <summary>What the gallery has under the id.</summary>
    public ItemRecord? Known { get; private init; }

    /// <summary>The item of the gallery that was encoded from these very bytes, under whatever id.</summary>
    public ItemRecord? Origin { get; private set; }

    public int OriginOrdinal { get; private set; } = -1;

    public ImageStamp? Stamp { get; private set; }

    /// <summary>The image, from when it was read until it was encoded; <see langword="null"/> where the gallery has its embedding.</summary>
    public ImageData? Image { get; private set; }

    public ReadOnlyMemory<float> ImageEmbedding { get; private set; }

    public ReadOnlyMemory<float> CaptionEmbeddings { get; set; }

    /// <summary>How many bytes reading the image takes.</summary>
    public long BytesToRead { get; private init; }

    public IReadOnlyList<string> Captions => Source.Captions ?? (Origin ?? _former)?.Captions ?? [];

    /// <summary>Whether the gallery has the embeddings of these very captions.</summary>
    public bool HasKnownCaptions { get; private set; }

    /// <summary>Whether nothing but its file's times, place or name is new, so that it counts as unchanged although its line is written again.</summary>
    public bool IsSame { get; private set; }

    public FileStamp? File => _file;

    /// <summary>Compares a file with what the gallery remembers of it, without reading it.</summary>
    public static IncomingImage Look(GallerySource source, int ordinal, BuildKnowledge knowledge)
        => source.Stamp is { } file && knowledge.UnchangedContentOf(source, ordinal, file) is { } sha256
            ? new IncomingImage(source, ordinal) { _file = file, Stamp = ImageStamp.Create(sha256, file), IsSame = true, Outcome = BuildOutcome.Unchanged }
            : LookThoroughly(source, ordinal, knowledge);

    private static IncomingImage LookThoroughly(GallerySource source, int ordinal, BuildKnowledge knowledge)
    {
        ItemRecord? record = ordinal < 0 ? null : knowledge.Gallery.RecordAt(ordinal);
        FileStamp? file = null;
        string? error = null;
        try
        {
            // Taken before the file is read: if it changes in between, the next run sees another time.
            file = source.Stamp ?? FileStamp.Read(source.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"'{source.Path}' cannot be read: {e.Message}";
        }

        bool trusted = knowledge.TrustsStamps && file is not null && record?.Image?.HasSameFile(file) == true;
        IncomingImage item = new(source, ordinal)
        {
            _file = file,
            Known = record,
            BytesToRead = trusted ? 0 : file?.Bytes ?? 0,
        };
        if (error is not null)
        {
            item.FailToRead(error);
        }
        else if (file is not { IsFile: true })
        {
            item.FailToOpen();
        }
        else if (trusted)
        {
            item.Stamp = record!.Image;
            item.Settle(record, ordinal);
        }
        else if (knowledge.FailureOf(source, file) is { } failure)
        {
            item.Error = failure;
            item.Outcome = BuildOutcome.KnownFailed;
        }

        return item;
    }

    /// <summary>Reads the file, unless it is known to be the one that was encoded.</summary>
    public void Read(BuildKnowledge knowledge)
    {
        if (Origin is not null)
        {
            return;
        }

        try
        {
            if (Source.Place is not null && !ImageFolder.IsImage(Source.Path))
            {
                Outcome = BuildOutcome.NoImage;
                return;
            }

            ImageData image = ImageData.OpenFile(Source.Path, knowledge.MaxImageBytes);
            Stamp = ImageStamp.Create(image.ComputeSha256(), _file!);
            Image = image;
            (ItemRecord? origin, int ordinal) = knowledge.FindContent(Stamp.Sha256, Known, _knownOrdinal);
            if (origin is not null)
            {
                Settle(origin, ordinal);
            }
            else if (Known?.Image?.Sha256 == Stamp.Sha256)
            {
                _former = Known; // Encoded again, captioned for good.
            }
        }
        catch (InvalidImageException e) when (e.IsUnread)
        {
            FailToRead(e.Message);
        }
        catch (InvalidImageException e)
        {
            Fail(e.Message, spoilt: !e.IsOverLimit && System.IO.File.Exists(Source.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FailToRead($"'{Source.Path}' cannot be read: {e.Message}");
        }
    }

    public void SetImageEmbedding(ReadOnlyMemory<float> embedding)
    {
        ImageEmbedding = embedding;
        Image = null;
    }

    public void Fail(string error, bool spoilt)
    {
        Error = error;
        IsSpoilt = spoilt;
        Outcome = BuildOutcome.Failed;
        Image = null;
    }

    /// <summary>Notes what kept an image from being encoded; a large file is only then read as a whole.</summary>
    public void Fail(InvalidImageException error)
    {
        if (error.IsUnread)
        {
            FailToRead(error.Message);
        }
        else
        {
            Fail(error.Message, spoilt: !error.IsOverLimit);
        }
    }

    public GalleryEntry ToEntry() => new(Source.Id, ImageEmbedding)
    {
        Captions = Captions,
        CaptionEmbeddings = CaptionEmbeddings,
        Metadata = Source.Metadata,
    };

    public ItemRecord ToRecord() => new(Source.Id) { Captions = Captions, Metadata = Source.Metadata, Image = Stamp, Place = Source.Place };

    // An image that was listed a moment ago is gone; of one that was only asked for, the whole disk may be away.
    private void FailToOpen()
    {
        Fail(ImageFolder.WhyNoFile(Source.Path), spoilt: false);
        Outcome = Known is null || Source.Place is not null ? BuildOutcome.Failed : BuildOutcome.Unreadable;
    }

    // Missing rights hide a picture, they do not change it: what the gallery has stays unless size or time say that it is another one.
    private void FailToRead(string error)
    {
        bool mayBeKnown = Known?.Image is { } known && (_file is null || known.MayBe(_file));
        Fail(error, spoilt: false);
        Outcome = mayBeKnown ? BuildOutcome.Unreadable : BuildOutcome.Failed;
    }

    private void Settle(ItemRecord origin, int ordinal)
    {
        Image = null;
        (Origin, OriginOrdinal) = (origin, ordinal);
        HasKnownCaptions = Captions.SequenceEqual(origin.Captions);
        IsSame = Known is not null && origin.Id == Known.Id && HasKnownCaptions && HasKnownMetadata(origin);
        bool asWritten = IsSame && origin.Image == Stamp && origin.Place == Source.Place;
        Outcome = asWritten ? BuildOutcome.Unchanged : BuildOutcome.Pending;
    }

    // Galleries of the first format kept the file's path there, which is a place now.
    private bool HasKnownMetadata(ItemRecord origin)
    {
        if (Source.Metadata.Count == 0 && origin.Metadata.Count == 0)
        {
            return true;
        }

        bool isOldPlace = Source.Place is not null && origin.Place is null && Source.Metadata.Count == 0;
        return (isOldPlace && origin.Metadata.Keys.All(key => key == "file"))
            || (origin.Metadata.Count == Source.Metadata.Count
                && origin.Metadata.All(entry => Source.Metadata.TryGetValue(entry.Key, out string? value) && value == entry.Value));
    }
}
