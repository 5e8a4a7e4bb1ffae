using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Models;

/// <summary>How a model folder is opened and used.</summary>
/// <remarks>Copied by what takes it: later changes do not reach that.</remarks>
public sealed class OnnxModelOptions
{
    internal const int DefaultBatchSize = 16;
    private const int LargestBatchSize = 4096;
    private int _batchSize = DefaultBatchSize;
    private DecodeOptions _decodeOptions = new();
    private OnnxExecutionOptions _execution = new();

    /// <summary>Makes options that have the default values.</summary>
    public OnnxModelOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public OnnxModelOptions(OnnxModelOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Precision = other.Precision;
        Execution = other.Execution;
        BatchSize = other.BatchSize;
        KeepCase = other.KeepCase;
        AllowBatchDependentRows = other.AllowBatchDependentRows;
        SoftTokens = other.SoftTokens;
        Dimensions = other.Dimensions;
        SoftTokenCacheBytes = other.SoftTokenCacheBytes;
        DecodeOptions = other.DecodeOptions;
        IdentityCache = other.IdentityCache;
        ResizeOrder = other.ResizeOrder;
    }

    /// <summary>Which variant of the graphs is used.</summary>
    /// <value><see langword="null"/>, the default value, takes the most faithful one of each graph.</value>
    public ModelPrecision? Precision { get; set; }

    /// <summary>How ONNX Runtime executes the graphs.</summary>
    /// <value>Copied when it is set. The default value has the default values of <see cref="OnnxExecutionOptions"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public OnnxExecutionOptions Execution
    {
        get => _execution;
        set => _execution = new OnnxExecutionOptions(value);
    }

    /// <summary>How many images or texts go through a graph at once; graphs whose batch axis is fixed take as many as they are made for.</summary>
    /// <value>From 1 to 4096. The default value is 16.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BatchSize
    {
        get => _batchSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LargestBatchSize);
            _batchSize = value;
        }
    }

    /// <summary>
    /// Whether texts keep their capitals where a model was trained on lower case but its tokenizer class does not say so:
    /// SigLIP 2 with GemmaTokenizer, which transformers gives texts as they are.
    /// </summary>
    /// <value>The default value, <see langword="false"/>, lower-cases them.</value>
    public bool KeepCase { get; set; }

    /// <summary>
    /// Whether graphs by which a row depends on its neighbors (8-bit graphs that take their ranges over a whole batch) or, in its last bits,
    /// on their number (means over tokens) may get several items at once: quicker. Without it they get one item at a time, whatever
    /// <see cref="BatchSize"/> says.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllowBatchDependentRows { get; set; }

    /// <summary>
    /// The most soft tokens that an image becomes, for models that read images among words (embedding_gemma2): more of them show finer
    /// detail and take longer. Belongs to the identity of the model.
    /// </summary>
    /// <value>70, 140, 280, 560 or 1120. The default value, <see langword="null"/>, is what the folder says.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of these.</exception>
    public int? SoftTokens
    {
        get;
        set => field = value is not { } budget || JointPixels.Budgets.Contains(budget)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Models are trained for budgets of {string.Join(", ", JointPixels.Budgets)} soft tokens.");
    }

    /// <summary>
    /// How many leading components of an embedding are kept and normalized again, for models that are trained for it (Matryoshka;
    /// embedding_gemma2: 512, 256, 128). Belongs to the identity of the model.
    /// </summary>
    /// <value>At least 1. The default value, <see langword="null"/>, keeps all.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Dimensions
    {
        get;
        set => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An embedding has at least one component.");
    }

    /// <summary>How many bytes of soft tokens a composed encoder keeps of the images that it met last, so that another sentence about one costs less.</summary>
    /// <value>0 keeps none. The default value is 64 MiB: about a hundred images at 280 soft tokens of 512 numbers.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long SoftTokenCacheBytes
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 0 bytes.");
    } = 64L << 20;

    /// <summary>
    /// What images are refused before memory is allocated for their pixels, whether they are turned upright, and whether they are decoded smaller
    /// where they can be.
    /// </summary>
    /// <value>Copied when it is set. The default value has the default limits, turns pictures upright and decodes all their pixels.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public DecodeOptions DecodeOptions
    {
        get => _decodeOptions;
        set => _decodeOptions = new DecodeOptions(value);
    }

    /// <summary>
    /// A folder that remembers <see cref="OnnxModelFolder.ModelId"/> by the paths, lengths and times of the model's files, so that a
    /// program that starts anew does not read every byte of the weights first. The folder is made where it is not there; what cannot be
    /// read or written in it is worked out again.
    /// </summary>
    /// <value>
    /// The default value, <see langword="null"/>, reads every byte once for each opened folder. A file that is replaced by another of the same length
    /// and the same times is not noticed.
    /// </value>
    public string? IdentityCache { get; set; }

    /// <summary>Which pass of a resize runs first: Pillow's order up to 12.1, or from 13.0.</summary>
    /// <value>The default value is <see cref="ResizeOrder.Pillow12"/>, by which published figures were computed.</value>
    public ResizeOrder ResizeOrder { get; set; }
}
