using System.Globalization;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Onnx.Models;

/// <summary>The parts of a model that reads images and texts together, found and checked against each other.</summary>
internal sealed record JointModel(OnnxGraphFile Text, ModelPrecision TextPrecision, OnnxGraphFile? Vision, ModelPrecision? VisionPrecision, JointSettings Settings, TextFeed Feed)
{
    public const string EmbeddingOutput = "sentence_embedding";
    public const string FeaturesOutput = "image_features";
    public const string FeaturesInput = "image_features";
    public const string IdsInput = "input_ids";
    public const string MaskInput = "attention_mask";
    public const string PixelsInput = "pixel_values";
    public const string PositionsInput = "pixel_position_ids";
    private static readonly string[] TextInputs = [IdsInput, MaskInput, FeaturesInput, "video_features", "audio_features"];

    /// <summary>What happens to images; <see langword="null"/> without a vision graph.</summary>
    public JointPixels? Pixels { get; private init; }

    /// <summary>The id of a soft token's place.</summary>
    public int ImageId { get; private init; }

    /// <summary>The components of an embedding as the graph writes it.</summary>
    public int FullDimensions { get; private init; }

    /// <summary>The components of an embedding as it is handed out.</summary>
    public int Dimensions { get; private init; }

    /// <summary>The numbers of a soft token.</summary>
    public int Width { get; private init; }

    /// <summary>Finds the parts.</summary>
    /// <exception cref="InvalidModelException">A part is missing or does not fit the others.</exception>
    public static JointModel Find(string folder, ModelConfig config, ModelFamily family, GraphLocator locator, OnnxModelOptions options)
    {
        (string Path, ModelPrecision Precision) text = locator.Find(family.TextGraph) ?? throw new InvalidModelException(
            $"The model folder '{folder}' has no text graph '{locator.Expected(family.TextGraph)}', without which neither texts nor images become embeddings; "
            + $"a graph of sound alone is not enough. Found: {ModelFiles.List(folder)}.");
        (string Path, ModelPrecision Precision)? vision = locator.Find(family.VisionGraph);
        OnnxGraphFile textGraph = OnnxGraphFile.Read(text.Path);
        OnnxGraphFile? visionGraph = vision is { } eye ? OnnxGraphFile.Read(eye.Path) : null;
        TokenizerUse use = new() { MaxLength = config.ContextLength, UsualLength = family.ContextLength };
        ITokenizer tokenizer = TokenizerFolder.Load(folder, use);
        JointSettings settings = JointSettings.Read(folder);
        JointModel model = new(textGraph, text.Precision, visionGraph, vision?.Precision, settings, new TextFeed(folder, tokenizer, tokenizer.MaxLength, null) { Use = use })
        {
            Pixels = visionGraph is null ? null : JointSettings.ReadPixels(folder, options.SoftTokens, options.ResizeOrder),
            FullDimensions = FullDimensionsOf(textGraph, settings),
        };
        model.CheckTextGraph();
        model = model with
        {
            Dimensions = options.Dimensions is not { } asked ? model.FullDimensions
                : asked <= model.FullDimensions ? asked
                : throw new InvalidModelException($"{asked} dimensions were asked for, but '{text.Path}' writes {model.FullDimensions}; ask for that many or fewer."),
            Width = model.WidthOf(),
            ImageId = model.ImageIdOf(),
        };
        model.CheckVisionGraph();
        return model;
    }

    /// <summary>What was chosen and why.</summary>
    public IEnumerable<string> Notes()
    {
        yield return $"{Path.GetFileName(Text.Path)} ({TextPrecision}) reads texts and the soft tokens of images together: '{EmbeddingOutput}' is the embedding, of unit length.";
        yield return Vision is null
            ? "The folder has no vision encoder: it is a text encoder, and images cannot be encoded."
            : $"{Path.GetFileName(Vision.Path)} ({VisionPrecision}) makes at most {Pixels!.Budget} soft tokens of an image, "
                + $"which is resized to whole tokens of {Pixels.PatchSize * Pixels.Pooling} × {Pixels.PatchSize * Pixels.Pooling} pixels "
                + $"({nameof(OnnxModelOptions)}.{nameof(OnnxModelOptions.SoftTokens)} sets the budget).";
        if (Vision is not null)
        {
            yield return $"An encoder of images or of both loads two graphs, at least {Megabytes(Text.Bytes + Vision.Bytes)} of memory; "
                + $"an encoder of texts one, {Megabytes(Text.Bytes)}.";
        }

        yield return $"Queries begin with '{Settings.QueryPrompt}', documents with '{Settings.DocumentPrompt}'.";
        if (Dimensions < FullDimensions)
        {
            yield return $"Embeddings are cut from {FullDimensions} to {Dimensions} components and normalised again.";
        }
    }

    /// <summary>The ids of a text in a role.</summary>
    public int Encode(string text, EncodingRole role, Span<int> ids, out bool truncated) => Feed.Tokenizer.Encode(Settings.PromptOf(role) + text, ids, out truncated);

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private static int FullDimensionsOf(OnnxGraphFile text, JointSettings settings)
    {
        OnnxTensor output = text.Outputs.FirstOrDefault(tensor => tensor.Name == EmbeddingOutput) ?? throw new InvalidModelException(
            $"The graph '{text.Path}' has no output '{EmbeddingOutput}'. Found: {string.Join("; ", text.Outputs)}. Export the model with its pooling.");
        return output.Dimensions is [_, > 0 and long written] ? (int)written : settings.Dimensions ?? throw new InvalidModelException(
            $"Neither the graph '{text.Path}' nor 'embedding_dim' of its configuration says how many components an embedding has.");
    }

    private void CheckTextGraph()
    {
        if (Text.Inputs.FirstOrDefault(input => !TextInputs.Contains(input.Name)) is { } unknown)
        {
            throw new InvalidModelException($"The graph '{Text.Path}' wants the input {unknown}; known are {string.Join(", ", TextInputs)}.");
        }

        if (Text.Rows.TryGetValue(IdsInput, out long known) && Feed.Tokenizer.VocabularySize > known)
        {
            throw new InvalidModelException(
                $"The tokenizer of '{Feed.Folder}' has {Feed.Tokenizer.VocabularySize} ids, but the graph '{Text.Path}' knows {known}. "
                + "Use the tokenizer of this model.");
        }

        CheckInput(Text, IdsInput, 2, TensorElementType.Int64);
        CheckInput(Text, MaskInput, 2, TensorElementType.Int64);
        foreach (OnnxTensor features in Text.Inputs.Where(input => input.Name is not (IdsInput or MaskInput)))
        {
            CheckInput(Text, features.Name, 2, TensorElementType.Float, TensorElementType.Float16);
        }
    }

    private void CheckVisionGraph()
    {
        if (Vision is null)
        {
            return;
        }

        CheckInput(Text, FeaturesInput, 2, TensorElementType.Float, TensorElementType.Float16);
        OnnxTensor pixels = CheckInput(Vision, PixelsInput, 3, TensorElementType.Float, TensorElementType.Float16);
        CheckInput(Vision, PositionsInput, 3, TensorElementType.Int64);
        if (pixels.Dimensions[2] != OnnxTensor.Dynamic && pixels.Dimensions[2] != Pixels!.PatchValues)
        {
            throw new InvalidModelException(
                $"The graph '{Vision.Path}' takes {pixels}, but the preprocessing makes patches of {Pixels.PatchValues} numbers. "
                + "Use the settings of this model.");
        }

        if (pixels.Dimensions[1] != OnnxTensor.Dynamic && pixels.Dimensions[1] != Pixels!.Patches)
        {
            throw new InvalidModelException(
                $"The graph '{Vision.Path}' takes {pixels}, but {Pixels.Budget} soft tokens need {Pixels.Patches} patches. "
                + "Ask for another budget, or export the graph with open axes.");
        }

        if (!Vision.Outputs.Any(output => output.Name == FeaturesOutput))
        {
            throw new InvalidModelException($"The graph '{Vision.Path}' has no output '{FeaturesOutput}'. Found: {string.Join("; ", Vision.Outputs)}.");
        }
    }

    private static OnnxTensor CheckInput(OnnxGraphFile graph, string name, int axes, params ReadOnlySpan<TensorElementType> types)
    {
        OnnxTensor input = graph.Inputs.FirstOrDefault(input => input.Name == name) ?? throw new InvalidModelException(
            $"The graph '{graph.Path}' has no input '{name}'. Found: {string.Join("; ", graph.Inputs)}.");
        return input.Dimensions.Count == axes && types.Contains(input.ElementType)
            ? input
            : throw new InvalidModelException($"The graph '{graph.Path}' takes {input}; expected {axes} axes of {types[0]}.");
    }

    private int WidthOf() => Text.Inputs.FirstOrDefault(input => input.Name == FeaturesInput) is not { } features ? 0
        : features.Dimensions[1] != OnnxTensor.Dynamic ? (int)features.Dimensions[1]
        : Settings.Width ?? throw new InvalidModelException($"Neither the graph '{Text.Path}' nor its configuration says how many numbers a soft token has.");

    /// <summary>The id of the place of a soft token, as tokenizer and configuration agree on it.</summary>
    private int ImageIdOf()
    {
        Span<int> ids = stackalloc int[16];
        Span<int> empty = stackalloc int[16];
        ReadOnlySpan<int> with = ids[..Feed.Tokenizer.Encode(Settings.Marks.Place, ids, out _)];
        int around = Feed.Tokenizer.Encode(string.Empty, empty, out _);
        int start = with.CommonPrefixLength(empty[..around]);
        return with.Length == around + 1 && (Settings.ImageId is null || with[start] == Settings.ImageId)
            ? with[start]
            : throw new InvalidModelException(
                $"The tokenizer of '{Feed.Folder}' makes {with.Length - around} ids of "
                + $"'{Settings.Marks.Place}'{(with.Length > start ? $", the first {with[start]}" : string.Empty)}; "
                + $"expected one{(Settings.ImageId is { } id ? $", {id} as the configuration says" : string.Empty)}. Use the tokenizer of this model.");
    }
}
