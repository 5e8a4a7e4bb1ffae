using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>How an ONNX captioner is opened and how it decodes.</summary>
/// <remarks>Immutable; may be shared.</remarks>
public sealed record OnnxCaptionerOptions
{
    private const int MostBeams = 64;
    private readonly int _beams = 3;
    private readonly double _temperature = 0.7;
    private readonly double _topP = 1;

    /// <summary>The default options.</summary>
    public static OnnxCaptionerOptions Default { get; } = new();

    /// <summary>How the next token is chosen.</summary>
    /// <value>The default value is <see cref="CaptionDecoding.Greedy"/>.</value>
    public CaptionDecoding Decoding { get; init; }

    /// <summary>How many sequences <see cref="CaptionDecoding.Beam"/> follows.</summary>
    /// <value>From 1 to 64. The default value is 3.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Beams
    {
        get => _beams;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostBeams);
            _beams = value;
        }
    }

    /// <summary>Whether <see cref="CaptionDecoding.Beam"/> stops as soon as it has enough finished captions.</summary>
    /// <value>The default value is <see langword="false"/>: it stops when no running sequence can beat them.</value>
    public bool EarlyStopping { get; init; }

    /// <summary>What the logits are divided by before sampling: below 1 bolder, above 1 wilder.</summary>
    /// <value>Greater than 0. The default value is 0.7.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a positive number.</exception>
    public double Temperature
    {
        get => _temperature;
        init => _temperature = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The temperature must be a positive number.");
    }

    /// <summary>Sampling draws from the most likely tokens that together reach this probability.</summary>
    /// <value>Greater than 0, at most 1. The default value is 1: from all.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double TopP
    {
        get => _topP;
        init => _topP = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The probability must be greater than 0 and at most 1.");
    }

    /// <summary>
    /// Words that steer the model: for BLIP those that every caption begins with ("a picture of"), for Florence-2 the
    /// instruction, such as "Describe in detail what is shown in the image.". Other captioners take none.
    /// </summary>
    /// <value><see langword="null"/>, the default value, begins BLIP's captions freely and asks Florence-2 "What does the image describe?".</value>
    public string? Prompt { get; init; }

    /// <summary>Which variant of the graphs is used.</summary>
    /// <value><see langword="null"/>, the default value, takes the most faithful one of each graph.</value>
    public ModelPrecision? Precision { get; init; }

    /// <summary>How ONNX Runtime executes the graphs.</summary>
    /// <value>The default value is <see cref="OnnxExecutionOptions.Default"/>.</value>
    public OnnxExecutionOptions Execution { get; init; } = OnnxExecutionOptions.Default;

    /// <summary>What images are refused before memory is allocated for their pixels, and whether they are turned upright.</summary>
    /// <value>Copied when it is set. The default value has the default limits and turns pictures upright.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public DecodeOptions DecodeOptions
    {
        get;
        init => field = new DecodeOptions(value);
    }
    = new();

    /// <summary>Which pass of a resize runs first: Pillow's order up to 12.1, or from 13.0.</summary>
    /// <value>The default value is <see cref="ResizeOrder.Pillow12"/>.</value>
    public ResizeOrder ResizeOrder { get; init; }
}
