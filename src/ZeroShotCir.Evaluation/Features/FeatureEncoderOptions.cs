using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>How a data set is encoded.</summary>
public sealed record FeatureEncoderOptions
{
    private readonly int _batchSize = 32;
    private readonly int _captionsPerImage = 3;

    /// <summary>Where embeddings are remembered, by content and model: a second run reads no pixel, a killed one resumes.</summary>
    /// <value>A folder, made where needed; or <see langword="null"/>, the default value, to remember nothing.</value>
    public string? CacheFolder { get; init; }

    /// <summary>How many images or texts the encoder gets at once.</summary>
    /// <value>At least 1. The default value is 32.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int BatchSize
    {
        get => _batchSize;
        init
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
        init
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
        init => field = new DecodeOptions(value);
    }
    = new() { Orientation = ImageOrientation.Ignore };

    /// <summary>Decodes images that are parts of files, as in GeneCIS; whole files are left to the encoder.</summary>
    /// <value>The default value is <see langword="null"/>, which suffices for data sets without such images.</value>
    public IImageDecoder? Decoder { get; init; }

    /// <summary>Encodes reference images and texts together, for strategies that read that, such as <c>joint</c>.</summary>
    /// <value>The default value is <see langword="null"/>: nobody does, and such strategies are refused.</value>
    public IComposedEncoder? ComposedEncoder { get; init; }

    /// <summary>Encodes captions, where a model makes a difference between what is searched with and what is searched for.</summary>
    /// <value>The default value is <see langword="null"/>: the encoder of the queries' texts.</value>
    public ITextEncoder? CaptionEncoder { get; init; }
}
