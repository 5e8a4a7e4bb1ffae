using ZeroShotCir.Imaging.Resampling;

namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>How a decoded image becomes the input of a model: pad, resize, crop, rescale, normalize, in this order.</summary>
/// <remarks>
/// Immutable; may be shared between threads. The default values are those of OpenAI's CLIP at 224 pixels.
/// <see cref="ImagePreprocessor"/> carries it out.
/// </remarks>
public sealed record ImagePreprocessing
{
    /// <summary>The largest edge that may be asked for.</summary>
    internal const int MaxEdge = 16_384;

    private readonly ImageSize _size = ImageSize.Square(224);
    private readonly ImageSize? _crop = ImageSize.Square(224);
    private readonly double _rescaleFactor = 1.0 / 255;
    private readonly RgbValues _mean = new(0.48145466f, 0.4578275f, 0.40821073f);
    private readonly RgbValues _std = new(0.26862954f, 0.26130258f, 0.27577711f);

    /// <summary>Black borders added before the image is resized.</summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public ImagePadding? Padding { get; init; }

    /// <summary>How the image is brought to <see cref="Size"/>.</summary>
    /// <value>The default value is <see cref="ResizeMode.ShortestEdge"/>.</value>
    public ResizeMode Resize { get; init; } = ResizeMode.ShortestEdge;

    /// <summary>The size to resize to; which edges get it is up to <see cref="Resize"/>.</summary>
    /// <value>Edges from 1 to 16,384 pixels. The default value is 224 × 224.</value>
    /// <exception cref="ArgumentOutOfRangeException">An edge is out of range.</exception>
    public ImageSize Size
    {
        get => _size;
        init => _size = Checked(value, nameof(Size));
    }

    /// <summary>How pixels are weighted when the image changes size.</summary>
    /// <value>The default value is <see cref="ResampleFilter.Bicubic"/>.</value>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bicubic;

    /// <summary>Which of the two passes of a resize runs first: Pillow's order up to 12.1, or from 13.0.</summary>
    /// <value>The default value is <see cref="ResizeOrder.Pillow12"/>, by which published figures were computed.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the two.</exception>
    public ResizeOrder ResizeOrder
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected Pillow12 or Pillow13.");
    }

    /// <summary>The center that is kept after resizing; where the image is smaller, it is surrounded by <see cref="FillValue"/>.</summary>
    /// <value>Edges from 1 to 16,384 pixels, or <see langword="null"/> to keep all. The default value is 224 × 224.</value>
    /// <exception cref="ArgumentOutOfRangeException">An edge is out of range.</exception>
    public ImageSize? Crop
    {
        get => _crop;
        init => _crop = value is ImageSize size ? Checked(size, nameof(Crop)) : null;
    }

    /// <summary>Where the center begins when an odd number of pixels is left over.</summary>
    /// <value>The default value is <see cref="CropRounding.HalfToEven"/>.</value>
    public CropRounding CropRounding { get; init; } = CropRounding.HalfToEven;

    /// <summary>The value of all three channels where <see cref="Crop"/> exceeds the resized image.</summary>
    /// <value>The default value is 0.</value>
    public byte FillValue { get; init; }

    /// <summary>What a byte is multiplied with before <see cref="Mean"/> is subtracted.</summary>
    /// <value>Finite and not 0; 1 keeps 0 to 255. The default value is 1/255.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or not finite.</exception>
    public double RescaleFactor
    {
        get => _rescaleFactor;
        init => _rescaleFactor = double.IsFinite(value) && value != 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The rescale factor is finite and not 0.");
    }

    /// <summary>What is subtracted from each channel after rescaling.</summary>
    /// <value>Finite; zeros subtract nothing. The default value is (0.48145466, 0.4578275, 0.40821073).</value>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite.</exception>
    public RgbValues Mean
    {
        get => _mean;
        init => _mean = float.IsFinite(value.Red) && float.IsFinite(value.Green) && float.IsFinite(value.Blue)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The means are finite.");
    }

    /// <summary>What each channel is divided by at last.</summary>
    /// <value>Finite and above 0; ones change nothing. The default value is (0.26862954, 0.26130258, 0.27577711).</value>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite or not above 0.</exception>
    public RgbValues Std
    {
        get => _std;
        init => _std = IsPositive(value.Red) && IsPositive(value.Green) && IsPositive(value.Blue)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The standard deviations are finite and above 0.");
    }

    /// <summary>The size of every preprocessed image.</summary>
    /// <value><see langword="null"/> where it would depend on the image: no crop, and no <see cref="ResizeMode.Exact"/>.</value>
    public ImageSize? OutputSize => Crop ?? (Resize == ResizeMode.Exact ? Size : null);

    /// <summary>Reads the <c>preprocessor_config.json</c> of a Hugging Face or transformers.js model folder.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>What it describes.</returns>
    /// <remarks>
    /// Reads <c>do_resize</c>, <c>size</c> (an integer, <c>shortest_edge</c>, <c>longest_edge</c>, or <c>height</c> and <c>width</c>),
    /// <c>resample</c>, <c>do_center_crop</c>, <c>crop_size</c>, <c>do_rescale</c>, <c>rescale_factor</c>, <c>do_normalize</c>,
    /// <c>image_mean</c> and <c>image_std</c> (or <c>mean</c> and <c>std</c>), and
    /// <c>image_processor_type</c> (or <c>feature_extractor_type</c>), which decides what an integer size means. A file with
    /// <c>resize_mode</c> (Jina-CLIP) is read as OpenCLIP's. Steps that would change pixels in another way are refused.
    /// </remarks>
    /// <exception cref="InvalidPreprocessingException">The file is missing, malformed, incomplete or asks for something unsupported.</exception>
    public static ImagePreprocessing FromPreprocessorConfig(string path) => PreprocessorConfigReader.Read(path);

    /// <summary>Reads the <c>preprocess_cfg.json</c> of an OpenCLIP model folder.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>What it describes.</returns>
    /// <remarks>
    /// Reads <c>size</c> (an integer or [height, width]), <c>interpolation</c>, <c>resize_mode</c> (<c>shortest</c>, <c>longest</c>, <c>squash</c>),
    /// <c>fill_color</c>, <c>mean</c> and <c>std</c>, with OpenCLIP's defaults where all but <c>size</c> are absent.
    /// </remarks>
    /// <exception cref="InvalidPreprocessingException">The file is missing, malformed, incomplete or asks for something unsupported.</exception>
    public static ImagePreprocessing FromOpenClipConfig(string path) => OpenClipConfigReader.Read(path);

    private static ImageSize Checked(ImageSize size, string name)
        => size is { Width: >= 1 and <= MaxEdge, Height: >= 1 and <= MaxEdge }
            ? size
            : throw new ArgumentOutOfRangeException(name, size, $"Edges are between 1 and {MaxEdge} pixels.");

    private static bool IsPositive(float value) => value > 0 && float.IsFinite(value);
}
