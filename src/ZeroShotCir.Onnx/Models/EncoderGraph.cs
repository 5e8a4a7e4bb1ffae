using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Models;

/// <summary>What fills an input of a graph.</summary>
internal enum FeedKind
{
    /// <summary>The images to encode.</summary>
    Pixels,

    /// <summary>The ids of the texts to encode.</summary>
    Ids,

    /// <summary>1 for each id, 0 for padding.</summary>
    Mask,

    /// <summary>Zeros of the shape of the ids.</summary>
    TokenTypes,

    /// <summary>0, 1, 2 … along the ids.</summary>
    Positions,

    /// <summary>Blank images, because a joint graph wants some beside texts.</summary>
    NoPixels,

    /// <summary>The ids of the empty text, because a joint graph wants some beside images.</summary>
    NoIds,

    /// <summary>The mask of <see cref="NoIds"/>.</summary>
    NoMask,
}

/// <summary>An input and what fills it.</summary>
internal sealed record GraphFeed(OnnxTensor Tensor, FeedKind Kind)
{
    /// <summary>Whether it stands in for the half of a joint graph that is not asked for, and so is the same for every run.</summary>
    public bool IsStandIn => Kind is FeedKind.NoPixels or FeedKind.NoIds or FeedKind.NoMask;
}

/// <summary>A graph in its role as encoder of images or of texts.</summary>
/// <param name="File">The file.</param>
/// <param name="Precision">Its variant; <see langword="null"/> where a description names the file.</param>
/// <param name="Feeds">Every input; the first is the one that takes the items to encode.</param>
/// <param name="Output">The embedding.</param>
/// <param name="UnitLength">Whether it is said to have unit length.</param>
internal sealed record EncoderGraph(OnnxGraphFile File, ModelPrecision? Precision, IReadOnlyList<GraphFeed> Feeds, OnnxTensor Output, bool UnitLength)
{
    private const long LargestAxis = 1 << 20;
    private static readonly string[] PixelNames = ["pixel_values", "image", "images", "pixels"];
    private static readonly string[] IdNames = ["input_ids", "text", "tokens", "ids"];
    private static readonly string[] MaskNames = ["attention_mask", "mask", "text_attention_mask"];

    /// <summary>The input that takes the items to encode.</summary>
    public OnnxTensor Main => Feeds[0].Tensor;

    /// <summary>The number of items that one run takes, where an input fixes it.</summary>
    public int? FixedBatch { get; private init; }

    /// <summary>The number of ids of a text, where an input fixes it.</summary>
    public int? FixedLength { get; private init; }

    /// <summary>The number of ids of the stand-in text for the half of a joint graph that is not asked for, where an input fixes it.</summary>
    public int? FixedStandInLength { get; private init; }

    /// <summary>The number of components of an embedding, where the graph says.</summary>
    public int? Dimensions => Output.Dimensions.Count == 2 && Output.Dimensions[1] != OnnxTensor.Dynamic ? (int)Output.Dimensions[1] : null;

    /// <summary>Whether images are bytes, interleaved, and normalized inside the graph.</summary>
    public bool TakesBytes => Main.ElementType == TensorElementType.UInt8;

    /// <summary>Assigns roles to the inputs and outputs of a graph.</summary>
    /// <exception cref="InvalidModelException">An input is unknown, or no output is the embedding.</exception>
    public static EncoderGraph Create(
        OnnxGraphFile file, ModelPrecision? precision, bool ofImages, CustomGraph? custom, IReadOnlyList<string> outputs, bool takesFirstOutput, bool unitLength)
    {
        List<GraphFeed> feeds = [];
        foreach (OnnxTensor input in file.Inputs)
        {
            FeedKind kind = KindOf(file, input, ofImages, custom);
            if (kind is not (FeedKind.Pixels or FeedKind.NoPixels) && input.ElementType is not (TensorElementType.Int64 or TensorElementType.Int32))
            {
                throw new InvalidModelException($"The graph '{file.Path}' takes {input}; expected Int64 or Int32.");
            }

            feeds.Insert(kind is FeedKind.Pixels or FeedKind.Ids ? 0 : feeds.Count, new GraphFeed(input, kind));
        }

        FeedKind wanted = ofImages ? FeedKind.Pixels : FeedKind.Ids;
        if (feeds.Count == 0 || feeds[0].Kind != wanted)
        {
            throw new InvalidModelException(
                $"The graph '{file.Path}' has no input for {(ofImages ? "images" : "texts")}; "
                + $"expected one of {string.Join(", ", ofImages ? PixelNames : IdNames)}. Found: {string.Join("; ", file.Inputs)}.");
        }

        CheckShape(file, feeds[0].Tensor, ofImages);
        feeds.ForEach(feed => CheckAxes(file, feed.Tensor, feed.Kind));
        OnnxTensor output = ChooseOutput(file, custom?.Output, outputs, takesFirstOutput);
        CheckAxes(file, output, null);
        if (output.ElementType is not (TensorElementType.Float or TensorElementType.Float16))
        {
            throw new InvalidModelException($"The graph '{file.Path}' writes embeddings as {output}; expected Float or Float16.");
        }

        bool isUnit = unitLength || output.Name.StartsWith("l2norm_", StringComparison.Ordinal) || file.UnitOutputs.Contains(output.Name);
        GraphFeed[] perItem = [.. feeds.Where(feed => !feed.IsStandIn)];
        return new EncoderGraph(file, precision, feeds, output, isUnit)
        {
            FixedBatch = FixedAxis(file, perItem, 0),
            FixedLength = ofImages ? null : FixedAxis(file, perItem, 1),
            FixedStandInLength = FixedAxis(file, [.. feeds.Where(feed => feed.Kind is FeedKind.NoIds or FeedKind.NoMask)], 1),
        };
    }

    /// <summary>The size of an axis that inputs share, where one fixes it.</summary>
    private static int? FixedAxis(OnnxGraphFile file, IReadOnlyList<GraphFeed> feeds, int axis)
    {
        GraphFeed[] fixing = [.. feeds.Where(feed => feed.Tensor.Dimensions[axis] != OnnxTensor.Dynamic)];
        if (fixing.FirstOrDefault(feed => feed.Tensor.Dimensions[axis] != fixing[0].Tensor.Dimensions[axis]) is { } other)
        {
            throw new InvalidModelException(
                $"The graph '{file.Path}' takes {fixing[0].Tensor} together with {other.Tensor}, which do not go together. Export it with open axes, or with the same sizes.");
        }

        return fixing.Length == 0 ? null : (int)fixing[0].Tensor.Dimensions[axis];
    }

    /// <summary>Throws where an axis is beyond all sense, or an input of texts is not batch × length.</summary>
    private static void CheckAxes(OnnxGraphFile file, OnnxTensor tensor, FeedKind? kind)
    {
        if (tensor.Dimensions.Any(size => size > LargestAxis))
        {
            throw new InvalidModelException($"The graph '{file.Path}' has {tensor}; axes up to {LargestAxis} are supported.");
        }

        int expected = kind is FeedKind.Pixels or FeedKind.NoPixels ? 4 : 2;
        if (kind is not null && tensor.Dimensions.Count != expected)
        {
            throw new InvalidModelException($"The graph '{file.Path}' takes {tensor}; expected {expected} axes.");
        }
    }

    private static FeedKind KindOf(OnnxGraphFile file, OnnxTensor input, bool ofImages, CustomGraph? custom)
    {
        bool isCustomMain = custom?.Input == input.Name;
        if (isCustomMain || (custom?.Input is null && Array.IndexOf(ofImages ? PixelNames : IdNames, input.Name) >= 0))
        {
            return ofImages ? FeedKind.Pixels : FeedKind.Ids;
        }

        return input.Name switch
        {
            _ when custom?.Mask == input.Name || Array.IndexOf(MaskNames, input.Name) >= 0 => ofImages ? FeedKind.NoMask : FeedKind.Mask,
            _ when !ofImages && Array.IndexOf(PixelNames, input.Name) >= 0 => FeedKind.NoPixels,
            _ when ofImages && Array.IndexOf(IdNames, input.Name) >= 0 => FeedKind.NoIds,
            "token_type_ids" when !ofImages => FeedKind.TokenTypes,
            "position_ids" when !ofImages => FeedKind.Positions,
            _ when file.Inputs.Count == 1 && custom?.Input is null => ofImages ? FeedKind.Pixels : FeedKind.Ids,
            _ => throw new InvalidModelException(
                $"The graph '{file.Path}' wants the input {input}, which this library does not know. Known are pixel_values, input_ids, attention_mask, "
                + $"token_type_ids, position_ids and their synonyms; name yours in '{ModelFamily.CustomFile}'. Found: {string.Join("; ", file.Inputs)}."),
        };
    }

    private static void CheckShape(OnnxGraphFile file, OnnxTensor main, bool ofImages)
    {
        if (!ofImages)
        {
            if (main.Dimensions.Count != 2 || main.ElementType is not (TensorElementType.Int64 or TensorElementType.Int32))
            {
                throw new InvalidModelException($"The graph '{file.Path}' takes texts as {main}; expected Int64 or Int32 of batch × length.");
            }

            return;
        }

        bool isPlanes = main.ElementType is TensorElementType.Float or TensorElementType.Float16 && main.Dimensions is [_, 3 or OnnxTensor.Dynamic, _, _];
        bool isBytes = main.ElementType is TensorElementType.UInt8 && main.Dimensions is [_, _, _, 3 or OnnxTensor.Dynamic];
        if (!isPlanes && !isBytes)
        {
            throw new InvalidModelException(
                $"The graph '{file.Path}' takes images as {main}; expected Float or Float16 of batch × 3 × height × width, or UInt8 of batch × height × width × 3. "
                + "Graphs that take patches (SigLIP 2 NaFlex) are not supported; export a model of fixed resolution.");
        }
    }

    private static OnnxTensor ChooseOutput(OnnxGraphFile file, string? named, IReadOnlyList<string> names, bool takesFirst)
    {
        IReadOnlyList<string> wanted = named is null ? names : [named];
        foreach (string name in wanted)
        {
            if (file.Outputs.FirstOrDefault(output => output.Name == name) is { } output)
            {
                return output;
            }
        }

        bool isHidden(OnnxTensor output) => output.Name is "pooler_output" or "last_hidden_state";
        if (named is null && (takesFirst || file.Outputs.Count == 1) && !isHidden(file.Outputs[0]))
        {
            return file.Outputs[0];
        }

        throw new InvalidModelException(
            $"The graph '{file.Path}' has no output that is an embedding of the joint space; expected {string.Join(" or ", wanted)}. "
            + $"Found: {string.Join("; ", file.Outputs)}. Export the model with its projection, or name the output in '{ModelFamily.CustomFile}'.");
    }
}
