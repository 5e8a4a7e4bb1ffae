using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>How an ONNX captioner is opened and how it decodes. What is <see langword="null"/> is left to the folder's <c>generation_config.json</c>.</summary>
/// <remarks>Read when the captioner is opened; later changes do not reach it.</remarks>
public sealed class OnnxCaptionerOptions
{
    internal const int MostBeams = 64;
    internal const int UsualBeams = 3;

    /// <summary>How the next token is chosen.</summary>
    /// <value>
    /// <see langword="null"/>, the default value, follows as many beams as <see cref="Beams"/> or the folder says (<c>num_beams</c>), and is
    /// greedy where that is one.
    /// </value>
    public CaptionDecoding? Decoding { get; set; }

    /// <summary>How many sequences <see cref="CaptionDecoding.Beam"/> follows.</summary>
    /// <value>From 1 to 64, or <see langword="null"/>, the default value, for the folder's <c>num_beams</c>; 3 where only <see cref="CaptionDecoding.Beam"/> is asked for.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? Beams
    {
        get;
        set
        {
            if (value is { } beams)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(beams, 1, nameof(Beams));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(beams, MostBeams, nameof(Beams));
            }

            field = value;
        }
    }

    /// <summary>Whether <see cref="CaptionDecoding.Beam"/> stops as soon as it has enough finished captions, or when no running sequence would beat them.</summary>
    /// <value><see langword="null"/>, the default value, for the folder's <c>early_stopping</c>; <see langword="false"/> where it has none.</value>
    public bool? EarlyStopping { get; set; }

    /// <summary>
    /// The power of a caption's length by which <see cref="CaptionDecoding.Beam"/> divides its log probability: above 0 favors long
    /// captions, below 0 short ones.
    /// </summary>
    /// <value>Finite, or <see langword="null"/>, the default value, for the folder's <c>length_penalty</c>; 1 where it has none.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double? LengthPenalty
    {
        get;
        set => field = value is null || double.IsFinite(value.Value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The length penalty must be a finite number.");
    }

    /// <summary>Sequences of this many tokens appear at most once in a caption; 0 allows repetition.</summary>
    /// <value>At least 0, or <see langword="null"/>, the default value, for the folder's <c>no_repeat_ngram_size</c>; 0 where it has none.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 0.</exception>
    public int? NoRepeatNgramSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 0, 0, nameof(NoRepeatNgramSize));
            field = value;
        }
    }

    /// <summary>What the logits are divided by before sampling: below 1 bolder, above 1 wilder.</summary>
    /// <value>Greater than 0. The default value is 0.7.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a positive number.</exception>
    public double Temperature
    {
        get;
        set => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The temperature must be a positive number.");
    } = 0.7;

    /// <summary>Sampling draws from the most likely tokens that together reach this probability.</summary>
    /// <value>Greater than 0, at most 1. The default value is 1: from all.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double TopP
    {
        get;
        set => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The probability must be greater than 0 and at most 1.");
    } = 1;

    /// <summary>
    /// Words that steer the model: for BLIP those that every caption begins with ("a picture of"), for Florence-2 the
    /// instruction, such as "Describe in detail what is shown in the image." or the task token <c>&lt;DETAILED_CAPTION&gt;</c> that stands for it;
    /// for SmolVLM and Idefics3 what a user asks about the picture. Other captioners take none.
    /// </summary>
    /// <value>
    /// <see langword="null"/>, the default value, begins BLIP's captions freely, asks Florence-2 "What does the image describe?" and SmolVLM
    /// "Can you describe this image?".
    /// </value>
    public string? Prompt { get; set; }

    /// <summary>
    /// Whether SmolVLM and Idefics3 see a picture's details in tiles beside the whole, which takes as many times longer as there are tiles
    /// (up to 17). Other captioners know none.
    /// </summary>
    /// <value><see langword="null"/>, the default value, for the folder's <c>do_image_splitting</c>.</value>
    public bool? Tiles { get; set; }

    /// <summary>Which variant of the graphs is used.</summary>
    /// <value><see langword="null"/>, the default value, takes the most faithful one of each graph.</value>
    public ModelPrecision? Precision { get; set; }

    /// <summary>How ONNX Runtime executes the graphs.</summary>
    /// <value>Copied when it is set. The default value has the default values of <see cref="OnnxExecutionOptions"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public OnnxExecutionOptions Execution
    {
        get;
        set => field = new OnnxExecutionOptions(value);
    }
    = new();

    /// <summary>What images are refused before memory is allocated for their pixels, and whether they are turned upright.</summary>
    /// <value>Copied when it is set. The default value has the default limits and turns pictures upright.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public DecodeOptions DecodeOptions
    {
        get;
        set => field = new DecodeOptions(value);
    }
    = new();

    /// <summary>Which pass of a resize runs first: Pillow's order up to 12.1, or from 13.0.</summary>
    /// <value>The default value is <see cref="ResizeOrder.Pillow12"/>.</value>
    public ResizeOrder ResizeOrder { get; set; }
}
