using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Tokenizers.Files;
using ZeroShotCir.Onnx.Tokenizers.Text;

namespace ZeroShotCir.Onnx.Models;

/// <summary>The parts of a model folder, found and checked against each other.</summary>
internal sealed record ModelParts(string Folder, string Family)
{
    public EncoderGraph? Image { get; private init; }

    public EncoderGraph? Text { get; private init; }

    /// <summary>The parts of a model that reads images and texts together; it has no <see cref="Image"/> and no <see cref="Text"/>.</summary>
    public JointModel? Joint { get; private init; }

    /// <summary>Whether the towers were trained to be asked by the sum of what they write.</summary>
    public bool SumsTowers { get; private init; }

    /// <summary>What the model makes of an image and a text that come together.</summary>
    public CompositionKind Composition => Joint is not null ? (Joint.Vision is null ? CompositionKind.TextOnly : CompositionKind.Joint)
        : Image is null && Text is not null ? CompositionKind.TextOnly
        : SumsTowers && Image is not null && Text is not null ? CompositionKind.Averaged
        : CompositionKind.Separate;

    public ImagePreprocessing? Preprocessing { get; private set; }

    public TextFeed? TextFeed { get; private init; }

    public int? ConfiguredDimensions { get; private init; }

    public string ExpectedImageGraph { get; private init; } = "an 'image' in " + ModelFamily.CustomFile;

    public string ExpectedTextGraph { get; private init; } = "a 'text' in " + ModelFamily.CustomFile;

    /// <summary>All graphs by role.</summary>
    public IReadOnlyDictionary<string, OnnxGraphFile> Graphs { get; private init; } = new Dictionary<string, OnnxGraphFile>();

    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Finds the parts.</summary>
    public static ModelParts Find(string folder, OnnxModelOptions options)
    {
        ModelParts parts = Read(folder, options);
        if (parts.Joint is null && (options.SoftTokens ?? options.Dimensions) is not null)
        {
            throw new InvalidModelException(
                $"'{folder}' is of the family {parts.Family}, whose embeddings and images have one size. "
                + $"{nameof(OnnxModelOptions.SoftTokens)} and {nameof(OnnxModelOptions.Dimensions)} are for embedding_gemma2; leave them out.");
        }

        parts.Preprocessing = parts.Preprocessing is { } settings ? settings with { ResizeOrder = options.ResizeOrder } : null;
        return parts;
    }

    private static ModelParts Read(string folder, OnnxModelOptions options)
    {
        string custom = Path.Combine(folder, ModelFamily.CustomFile);
        if (File.Exists(custom))
        {
            return Checked(FromDescription(folder, CustomModel.Read(custom), custom));
        }

        ModelConfig config = ModelConfig.Read(folder);
        ModelFamily family = ModelFamily.For(config);
        return family.IsCaptioner ? FromCaptioner(folder, family, options.Precision)
            : family.ReadsBoth ? FromJoint(folder, config, family, new GraphLocator(folder, family, options.Precision), options)
            : Checked(FromFamily(folder, config, family, new GraphLocator(folder, family, options.Precision), options));
    }

    private static ModelParts FromFamily(string folder, ModelConfig config, ModelFamily family, GraphLocator locator, OnnxModelOptions options)
    {
        List<string> notes = [$"'{Path.GetFileName(config.Path)}' names the family {family.Name}."];
        (string Path, ModelPrecision Precision)? vision = locator.Find(family.VisionGraph) ?? (family.OtherVisionGraph is { } visual ? locator.Find(visual) : null);
        (string Path, ModelPrecision Precision)? text = locator.Find(family.TextGraph) ?? (family.OtherTextGraph is { } textual ? locator.Find(textual) : null);
        (string Path, ModelPrecision Precision)? joint = family.JointGraph is { } name && (vision is null || text is null) ? locator.Find(name) : null;
        string expectedVision = locator.Expected(family.VisionGraph) + (family.JointGraph is null ? string.Empty : $" or {locator.Expected(family.JointGraph)}");
        string expectedText = locator.Expected(family.TextGraph) + (family.JointGraph is null ? string.Empty : $" or {locator.Expected(family.JointGraph)}");
        if (joint is { } both)
        {
            (vision, text) = (both, both);
            notes.Add("One graph encodes images and texts; the half that is not asked for gets a blank image or the empty text.");
        }

        if (vision is null && text is null)
        {
            throw new InvalidModelException($"The model folder '{folder}' has no graph: looked for {expectedVision} and {expectedText}. Found: {ModelFiles.List(folder)}.");
        }

        bool unitLength = joint is null ? family.SplitUnitLength : family.JointUnitLength;
        EncoderGraph? image = vision is { } v
            ? EncoderGraph.Create(OnnxGraphFile.Read(v.Path), v.Precision, ofImages: true, null, family.ImageOutputs, family.TakesFirstOutput, unitLength)
            : null;
        EncoderGraph? texts = text is { } t
            ? EncoderGraph.Create(OnnxGraphFile.Read(t.Path), t.Precision, ofImages: false, null, family.TextOutputs, family.TakesFirstOutput, unitLength)
            : null;
        foreach (EncoderGraph graph in new[] { image, texts }.OfType<EncoderGraph>())
        {
            notes.Add($"{Path.GetFileName(graph.File.Path)} ({graph.Precision}): '{graph.Output.Name}' is the embedding{(graph.UnitLength ? ", of unit length" : ", raw")}.");
        }

        TokenizerUse use = new()
        {
            MaxLength = family.IgnoresConfiguredLength ? null : config.ContextLength,
            UsualLength = family.ContextLength,
            OpenClip = config.OpenClip,
            IsSiglip = family.ReadsLowerCase,
            KeepsCase = options.KeepCase,
        };
        TextFeed? feed = texts is null
            ? null
            : TextFeed.Open(
                family.IsOpenClipLayout && Directory.Exists(Path.Combine(folder, "textual")) ? Path.Combine(folder, "textual") : folder,
                texts,
                use,
                family.PadsToContext,
                family.PadId);
        notes.AddRange(NotesOf(feed));
        if (config.SumsTowers)
        {
            notes.Add("The configuration names BGE-VL: an image and a text together are the sum of both embeddings as the graphs write them (the strategy joint).");
        }

        return new ModelParts(folder, family.Name)
        {
            Image = image,
            Text = texts,
            SumsTowers = config.SumsTowers,
            Preprocessing = image is null ? null : FindPreprocessing(folder, family.IsOpenClipLayout),
            TextFeed = feed,
            ConfiguredDimensions = config.Dimensions,
            ExpectedImageGraph = expectedVision,
            ExpectedTextGraph = expectedText,
            Notes = notes,
        };
    }

    private static ModelParts FromDescription(string folder, CustomModel model, string path)
    {
        EncoderGraph? image = model.Image is { } i
            ? EncoderGraph.Create(OnnxGraphFile.Read(Path.Combine(folder, i.Graph)), null, ofImages: true, i, [], takesFirstOutput: true, model.UnitLength)
            : null;
        EncoderGraph? text = model.Text is { } t
            ? EncoderGraph.Create(OnnxGraphFile.Read(Path.Combine(folder, t.Graph)), null, ofImages: false, t, [], takesFirstOutput: true, model.UnitLength)
            : null;
        return new ModelParts(folder, model.Name)
        {
            Image = image,
            Text = text,
            Preprocessing = image is null ? null
                : model.Image!.Settings is { } file ? ReadPreprocessing(Path.Combine(folder, file)) : FindPreprocessing(folder, isOpenClip: false),
            TextFeed = text is null ? null : TextFeed.Open(
                Path.Combine(folder, model.Text!.Settings ?? string.Empty),
                text,
                new TokenizerUse { MaxLength = model.ContextLength, UsualLength = 77 },
                model.PadsToContext,
                model.PadId),
            Notes = [$"'{Path.GetFileName(path)}' describes the graphs."],
        };
    }

    private static ModelParts FromCaptioner(string folder, ModelFamily family, ModelPrecision? precision) => new(folder, family.Name)
    {
        Graphs = CaptionerGraphs.Find(folder, family, precision).Files.ToDictionary(file => file.Key, file => OnnxGraphFile.Read(file.Value)),
        Preprocessing = family.ReadsPrompt ? null : FindPreprocessing(folder, isOpenClip: false),
        ExpectedImageGraph = "a graph of image embeddings (this is a captioner)",
        ExpectedTextGraph = "a graph of text embeddings (this is a captioner)",
        Notes =
        [
            $"A captioner of the family {family.Name}: it writes captions, not embeddings.",
            .. family.ReadsPrompt ? [TilingFile.Read(folder, splits: null, Imaging.Resampling.ResizeOrder.Pillow12).Describe()] : Array.Empty<string>(),
        ],
    };

    private static ModelParts FromJoint(string folder, ModelConfig config, ModelFamily family, GraphLocator locator, OnnxModelOptions options)
    {
        JointModel joint = JointModel.Find(folder, config, family, locator, options);
        Dictionary<string, OnnxGraphFile> graphs = new() { ["text"] = joint.Text };
        if (joint.Vision is { } vision)
        {
            graphs["image"] = vision;
        }

        return new ModelParts(folder, family.Name)
        {
            Joint = joint,
            TextFeed = joint.Feed,
            ConfiguredDimensions = joint.Dimensions,
            ExpectedImageGraph = $"{locator.Expected(family.VisionGraph)}; without it the folder is a text encoder",
            ExpectedTextGraph = locator.Expected(family.TextGraph),
            Graphs = graphs,
            Notes = [$"'{Path.GetFileName(config.Path)}' names the family {family.Name}.", .. joint.Notes(), .. graphs.Values.SelectMany(NotesOn)],
        };
    }

    /// <summary>How the images of a folder are preprocessed.</summary>
    /// <exception cref="InvalidModelException">The folder does not say, or says something that is not supported.</exception>
    public static ImagePreprocessing FindPreprocessing(string folder, bool isOpenClip)
    {
        string[] names = isOpenClip
            ? ["visual/preprocess_cfg.json", "preprocess_cfg.json", ModelConfig.OpenClipFileName]
            : ["preprocessor_config.json", "processor_config.json", "preprocess_cfg.json"];
        string? path = names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return path is not null
            ? ReadPreprocessing(path)
            : throw new InvalidModelException(
                $"The model folder '{folder}' does not say how to preprocess images: looked for {string.Join(" and ", names)}. "
                + $"Found: {ModelFiles.List(folder)}.");
    }

    private static ImagePreprocessing ReadPreprocessing(string path)
        => Path.GetFileName(path).StartsWith("preprocess_cfg", StringComparison.Ordinal) || Path.GetFileName(path) == ModelConfig.OpenClipFileName
        ? ImagePreprocessing.FromOpenClipConfig(path)
        : ImagePreprocessing.FromPreprocessorConfig(path);

    private static IEnumerable<string> NotesOf(TextFeed? feed)
    {
        switch (feed?.Cleaning)
        {
            case TextCleaning.LowerCase:
                yield return "Texts are lower-cased, as the model was trained, though its tokenizer class keeps capitals "
                    + $"({nameof(OnnxModelOptions)}.{nameof(OnnxModelOptions.KeepCase)} leaves them).";
                break;
            case { } cleaning and not TextCleaning.None:
                yield return $"Texts are cleaned as OpenCLIP's '{cleaning.ToString().ToLowerInvariant()}' does, but wrongly decoded text is not decoded again.";
                break;
        }
    }

    private static ModelParts Checked(ModelParts parts)
    {
        if (parts.Image?.Dimensions is { } ofImages && parts.Text?.Dimensions is { } ofTexts && ofImages != ofTexts)
        {
            throw new InvalidModelException(
                $"The model folder '{parts.Folder}' mixes models: "
                + $"'{parts.Image.File.Path}' writes {ofImages} components, '{parts.Text.File.Path}' {ofTexts}. Both graphs must come from one model.");
        }

        if (parts.Image is { } image)
        {
            ImageSize size = parts.Preprocessing!.OutputSize ?? throw new InvalidModelException(
                $"The preprocessing of '{parts.Folder}' gives every image a size of its own; the encoder needs one size. Set a crop or a height and width.");
            IReadOnlyList<long> shape = image.Main.Dimensions;
            (long height, long width) = image.TakesBytes ? (shape[1], shape[2]) : (shape[2], shape[3]);
            if ((height != OnnxTensor.Dynamic && height != size.Height) || (width != OnnxTensor.Dynamic && width != size.Width))
            {
                throw new InvalidModelException(
                    $"The preprocessing of '{parts.Folder}' gives images of {size}, but the graph '{image.File.Path}' takes {image.Main}. "
                    + "Use the preprocessing settings of this model.");
            }
        }

        if (parts.Text is { } text && text.File.Rows.TryGetValue(text.Main.Name, out long rows))
        {
            int vocabulary = parts.TextFeed!.Tokenizer.VocabularySize;
            if (vocabulary > rows || vocabulary < rows / 2 || parts.TextFeed.PadId >= rows)
            {
                throw new InvalidModelException(
                    $"The tokenizer of '{parts.Folder}' has {vocabulary} ids, but the graph '{text.File.Path}' knows {rows}. Use the tokenizer of this model.");
            }
        }

        Dictionary<string, OnnxGraphFile> graphs = [];
        if (parts.Image is not null)
        {
            graphs["image"] = parts.Image.File;
        }

        if (parts.Text is not null)
        {
            graphs["text"] = parts.Text.File;
        }

        return parts with { Graphs = graphs, Notes = [.. parts.Notes, .. graphs.Values.Distinct().SelectMany(NotesOn)] };
    }

    private static IEnumerable<string> NotesOn(OnnxGraphFile graph)
    {
        if (graph.MixesRows is { } operation)
        {
            yield return $"{Path.GetFileName(graph.Path)} has {operation}, by which a row depends on its batch: items go through it one at a time, so that none changes another "
                + $"({nameof(OnnxModelOptions)}.{nameof(OnnxModelOptions.AllowBatchDependentRows)} lets them go together).";
        }

        if (graph.MultipliesBytes)
        {
            yield return $"{Path.GetFileName(graph.Path)} multiplies bytes: on x64 processors without VNNI (AVX2 only) these products saturate, "
                + "and its embeddings are less faithful.";
        }
    }
}
