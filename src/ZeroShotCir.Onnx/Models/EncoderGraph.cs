using Microsoft.ML.OnnxRuntime.Tensors;
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
internal sealed record GraphFeed(OnnxTensor Tensor, FeedKind Kind);

/// <summary>A graph in its role as encoder of images or of texts.</summary>
/// <param name="File">The file.</param>
/// <param name="Precision">Its variant; <see langword="null"/> where a description names the file.</param>
/// <param name="Feeds">Every input; the first is the one that takes the items to encode.</param>
/// <param name="Output">The embedding.</param>
/// <param name="UnitLength">Whether it is said to have unit length.</param>
internal sealed record EncoderGraph(OnnxGraphFile File, ModelPrecision? Precision, IReadOnlyList<GraphFeed> Feeds, OnnxTensor Output, bool UnitLength)
{
    private static readonly string[] PixelNames = ["pixel_values", "image", "images", "pixels"];
    private static readonly string[] IdNames = ["input_ids", "text", "tokens", "ids"];
    private static readonly string[] MaskNames = ["attention_mask", "mask", "text_attention_mask"];

    /// <summary>The input that takes the items to encode.</summary>
    public OnnxTensor Main => Feeds[0].Tensor;

    /// <summary>The number of items that one run takes, where the graph fixes it.</summary>
    public int? FixedBatch => Main.Dimensions[0] == OnnxTensor.Dynamic ? null : checked((int)Main.Dimensions[0]);

    /// <summary>The number of components of an embedding, where the graph says.</summary>
    public int? Dimensions => Output.Dimensions.Count == 2 && Output.Dimensions[1] != OnnxTensor.Dynamic ? checked((int)Output.Dimensions[1]) : null;

    /// <summary>Whether images are bytes, interleaved, and normalised inside the graph.</summary>
    public bool TakesBytes => Main.ElementType == TensorElementType.UInt8;

    /// <summary>Assigns roles to the inputs and outputs of a graph.</summary>
    /// <exception cref="InvalidModelException">An input is unknown, or no output is the embedding.</exception>
    public static EncoderGraph Of(
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
                $"The graph '{file.Path}' has no input for {(ofImages ? "images" : "texts")}; expected one of {string.Join(", ", ofImages ? PixelNames : IdNames)}. Found: {string.Join("; ", file.Inputs)}.");
        }

        CheckShape(file, feeds[0].Tensor, ofImages);
        OnnxTensor output = ChooseOutput(file, custom?.Output, outputs, takesFirstOutput);
        if (output.ElementType is not (TensorElementType.Float or TensorElementType.Float16))
        {
            throw new InvalidModelException($"The graph '{file.Path}' writes embeddings as {output}; expected Float or Float16.");
        }

        bool isUnit = unitLength || output.Name.StartsWith("l2norm_", StringComparison.Ordinal);
        return new EncoderGraph(file, precision, feeds, output, isUnit);
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
