using ZeroShotCir.Imaging;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>How a <see cref="GalleryBuilder"/> works.</summary>
public sealed class GalleryBuilderOptions
{
    /// <summary>Makes options that have the default values.</summary>
    public GalleryBuilderOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public GalleryBuilderOptions(GalleryBuilderOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        BatchSize = other.BatchSize;
        MaxConcurrency = other.MaxConcurrency;
        CommitInterval = other.CommitInterval;
        RemoveMissing = other.RemoveMissing;
        VerifyContent = other.VerifyContent;
        Rebuild = other.Rebuild;
        MaxImageBytes = other.MaxImageBytes;
        Storage = other.Storage;
    }

    /// <summary>How many images are read and encoded together.</summary>
    /// <value>At least 1. The default value is 64.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(BatchSize));
            field = value;
        }
    } = 64;

    /// <summary>
    /// How many batches are under way at once: while one is encoded, others are read and hashed. Further ones wait until a batch is
    /// stored, which bounds the memory.
    /// </summary>
    /// <value>At least 1. The default value is 3.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxConcurrency));
            field = value;
        }
    } = 3;

    /// <summary>How much work may be lost by a kill: after this time, what is finished is committed.</summary>
    /// <value>Not negative; zero commits after every batch. The default value is 5 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan CommitInterval
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(CommitInterval));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether images of the gallery that are not among the given ones are removed. Of folders, only what was looked at whole counts, and
    /// of a root that holds no image at all nothing is removed.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool RemoveMissing { get; set; }

    /// <summary>Whether every file is read to be sure that it is the one that was encoded, rather than taken for it by its size and times.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool VerifyContent { get; set; }

    /// <summary>
    /// Whether every image is encoded again, by a model of the same dimension; what is not among the given images is removed, captions
    /// are kept. Nothing is committed before the end: until then, and if it is interrupted, the gallery is what it was.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Rebuild { get; set; }

    /// <summary>The largest image file that is read. Encoders have limits of their own, <see cref="DecodeOptions.Limits"/>.</summary>
    /// <value>At least 1 byte. The default value is that of <see cref="DecodeLimits.MaxBytes"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxImageBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxImageBytes));
            field = value;
        }
    } = DecodeLimits.DefaultMaxBytes;

    /// <summary>What a new gallery stores.</summary>
    /// <value>Copied when it is set. The default value is that of <see cref="GalleryWriterOptions"/>.</value>
    public GalleryWriterOptions Storage
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Storage));
            field = new GalleryWriterOptions(value);
        }
    } = new();
}
