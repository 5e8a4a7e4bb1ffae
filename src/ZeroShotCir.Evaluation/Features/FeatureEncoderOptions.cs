using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>How a data set is encoded.</summary>
public sealed class FeatureEncoderOptions
{
    private int _batchSize = 32;
    private int _captionsPerImage = 3;

    /// <summary>Makes options that have the default values.</summary>
    public FeatureEncoderOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public FeatureEncoderOptions(FeatureEncoderOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        CacheFolder = other.CacheFolder;
        BatchSize = other.BatchSize;
        CaptionsPerImage = other.CaptionsPerImage;
        DecodeOptions = other.DecodeOptions;
        Decoder = other.Decoder;
        ComposedEncoder = other.ComposedEncoder;
        CaptionEncoder = other.CaptionEncoder;
    }

    /// <summary>Where embeddings are remembered, by content and model: a second run reads no pixel, a killed one resumes.</summary>
    /// <value>A folder, made where needed; or <see langword="null"/>, the default value, to remember nothing.</value>
    public string? CacheFolder { get; set; }

    /// <summary>How many images or texts the encoder gets at once.</summary>
    /// <value>At least 1. The default value is 32.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get => _batchSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _batchSize = value;
        }
    }

    /// <summary>How many captions of an image count, from its first; an image with fewer repeats its own from the start.</summary>
    /// <value>At least 1. The default value is 3, as in the published code.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int CaptionsPerImage
    {
        get => _captionsPerImage;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _captionsPerImage = value;
        }
    }

    /// <summary>What is refused before it is decoded, and whether pictures are turned upright; the encoder should have the same options.</summary>
    /// <value>
    /// Copied when it is set. The default value has the default limits and leaves pixels as they are stored, as published figures were computed.
    /// What is remembered is remembered apart for each orientation.
    /// </value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public DecodeOptions DecodeOptions
    {
        get;
        set => field = new DecodeOptions(value);
    }
    = new() { Orientation = ImageOrientation.Ignore };

    /// <summary>Decodes images that are parts of files, as in GeneCIS; whole files are left to the encoder.</summary>
    /// <value>The default value is <see langword="null"/>, which suffices for data sets without such images.</value>
    public IImageDecoder? Decoder { get; set; }

    /// <summary>Encodes reference images and texts together, for strategies that read that, such as <c>joint</c>.</summary>
    /// <value>The default value is <see langword="null"/>: nobody does, and such strategies are refused.</value>
    public IComposedEncoder? ComposedEncoder { get; set; }

    /// <summary>Encodes captions, where a model makes a difference between what is searched with and what is searched for.</summary>
    /// <value>The default value is <see langword="null"/>: the encoder of the queries' texts.</value>
    public ITextEncoder? CaptionEncoder { get; set; }
}
