using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Onnx;

/// <summary>
/// A model as it is published: a folder of ONNX graphs, a configuration, preprocessing settings and a tokenizer. Opening
/// reads and checks all of it without loading weights; the encoders load the graph that they need.
/// </summary>
/// <remarks>
/// Thread-safe. Reads the layouts of transformers.js and Optimum (<c>config.json</c>, graphs beside it or in <c>onnx/</c>),
/// of immich's OpenCLIP exports (<c>visual/</c>, <c>textual/</c>), and any other through a file <c>zeroshotcir.json</c>.
/// </remarks>
public sealed class OnnxModelFolder
{
    private readonly OnnxModelOptions _options;
    private readonly ModelParts _parts;
    private readonly NamedModel _model;
    private readonly Dictionary<string, OnnxSession> _sessions = [];
    private readonly Lock _sessionsLock = new();
    private int? _dimensions;

    private OnnxModelFolder(string path, OnnxModelOptions options, ModelParts parts)
    {
        Path = path;
        _options = options;
        _parts = parts;
        _model = new NamedModel(parts, options);
        _dimensions = parts.Joint?.Dimensions ?? parts.Image?.Dimensions ?? parts.Text?.Dimensions;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>How the folder was opened.</summary>
    public OnnxModelOptions Options => new(_options);

    /// <summary>What happens to images; <see langword="null"/> where the folder has no image graph.</summary>
    public ImagePreprocessing? Preprocessing => _parts.Preprocessing;

    /// <summary>The tokenizer; <see langword="null"/> where the folder has no text graph.</summary>
    public ITokenizer? Tokenizer => _parts.TextFeed?.Tokenizer;

    /// <summary>
    /// Identifies all that can change an embedding: family, precision, every byte of the graphs and their weights, preprocessing,
    /// tokenizer, cleaning, context length and padding. A SHA-256, computed when it is first asked for (about half a second per
    /// gigabyte). Both encoders of a folder share it. It does not depend on where the folder lies.
    /// </summary>
    /// <exception cref="InvalidModelException">A file cannot be read; asked again, it is tried again.</exception>
    public string ModelId => _model.Id;

    /// <summary>Opens a model folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">How; <see langword="null"/> for the default values.</param>
    /// <returns>The folder, checked.</returns>
    /// <exception cref="InvalidModelException">A part is missing, malformed, or does not fit the others.</exception>
    /// <exception cref="InvalidPreprocessingException">The preprocessing settings cannot be used.</exception>
    public static OnnxModelFolder Open(string path, OnnxModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = options is null ? new OnnxModelOptions() : new OnnxModelOptions(options);
        if (!Directory.Exists(path))
        {
            throw new InvalidModelException($"The model folder '{path}' does not exist. Check the path.");
        }

        return new OnnxModelFolder(path, options, ModelParts.Find(path, options));
    }

    /// <summary>What the model makes of an image and a text that come together.</summary>
    public CompositionKind Composition => _parts.Composition;

    /// <summary>Whether the model composes images and texts itself, so that <see cref="CreateComposedEncoder"/> works.</summary>
    public bool Composes => Composition is CompositionKind.Joint or CompositionKind.Averaged;

    /// <summary>Loads the image graph.</summary>
    /// <param name="decoder">Decodes the images.</param>
    /// <param name="role">What images are encoded for; only models with prompts make a difference. Rows of queries have a model id of their own.</param>
    /// <returns>The encoder; dispose it.</returns>
    /// <exception cref="InvalidModelException">The folder has no image graph, or it cannot be loaded.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public OnnxImageEncoder CreateImageEncoder(IImageDecoder decoder, EncodingRole role = EncodingRole.Document)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (_parts.Joint is not null)
        {
            return new OnnxImageEncoder(_model, OpenJoint(typeof(OnnxImageEncoder), decoder, cache: null), role, decoder);
        }

        EncoderGraph graph = _parts.Image ?? throw Missing("image", _parts.ExpectedImageGraph);
        return new OnnxImageEncoder(_model, OpenRunner(typeof(OnnxImageEncoder), graph), decoder, new ImagePreprocessor(_parts.Preprocessing!), _options);
    }

    /// <summary>Loads the text graph.</summary>
    /// <param name="role">What texts are encoded for; only models with prompts make a difference. Captions of a gallery are documents.</param>
    /// <returns>The encoder; dispose it.</returns>
    /// <exception cref="InvalidModelException">The folder has no text graph, or it cannot be loaded.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public OnnxTextEncoder CreateTextEncoder(EncodingRole role = EncodingRole.Query)
    {
        if (_parts.Joint is not null)
        {
            return new OnnxTextEncoder(_model, OpenJoint(typeof(OnnxTextEncoder), decoder: null, cache: null), _parts.TextFeed!, role);
        }

        EncoderGraph graph = _parts.Text ?? throw Missing("text", _parts.ExpectedTextGraph);
        return new OnnxTextEncoder(_model, OpenRunner(typeof(OnnxTextEncoder), graph), _parts.TextFeed!, _options);
    }

    /// <summary>Opens a gallery on disk with this model, or prepares a new one: what a first program needs, in one object.</summary>
    /// <param name="gallery">The gallery folder; may not exist.</param>
    /// <param name="decoder">Decodes the images.</param>
    /// <param name="options">How to score; <see langword="null"/> for the defaults.</param>
    /// <returns>What updates and searches the gallery; dispose it.</returns>
    /// <exception cref="InvalidModelException">The folder lacks a graph, or it cannot be loaded.</exception>
    /// <exception cref="InvalidGalleryException">The gallery cannot be opened, or was indexed with another model.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public ImageSearch OpenSearch(string gallery, IImageDecoder decoder, RetrievalOptions? options = null)
    {
        OnnxImageEncoder images = CreateImageEncoder(decoder);
        OnnxTextEncoder? texts = null;
        try
        {
            return new ImageSearch(gallery, images, texts = CreateTextEncoder(), options);
        }
        catch
        {
            images.Dispose();
            texts?.Dispose();
            throw;
        }
    }

    /// <summary>Loads both graphs of a model that composes images and texts itself.</summary>
    /// <param name="decoder">Decodes the images.</param>
    /// <returns>The encoder; dispose it.</returns>
    /// <exception cref="InvalidModelException">The model does not compose, or a graph cannot be loaded.</exception>
    /// <exception cref="OnnxRuntimeUnavailableException">The native library or the execution provider is missing.</exception>
    public OnnxComposedEncoder CreateComposedEncoder(IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        if (_parts.Joint is not null)
        {
            return new OnnxComposedEncoder(_model, OpenJoint(typeof(OnnxComposedEncoder), decoder, new SoftTokenCache(_options.SoftTokenCacheBytes)));
        }

        if (!Composes)
        {
            throw new InvalidModelException(
                $"The model in '{Path}' ({_parts.Family}) encodes images and texts apart and composes neither. "
                + "Add its embeddings (the strategy weighted, or TwoTowerComposedEncoder), or use a model that composes: embedding_gemma2, or BGE-VL.");
        }

        OnnxImageEncoder images = CreateImageEncoder(decoder);
        try
        {
            return new OnnxComposedEncoder(_model, images, CreateTextEncoder());
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>Tells the ids that the text graph receives for a text; of a model with prompts, for a query.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <returns>The ids.</returns>
    /// <exception cref="InvalidModelException">The folder has no text graph.</exception>
    public TokenizedText Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        TextFeed feed = _parts.TextFeed ?? throw Missing("text", _parts.ExpectedTextGraph);
        int[] ids = new int[feed.ContextLength];
        int length = feed.Encode(_parts.Joint?.Settings.QueryPrompt + text, ids, out int tokens, out bool truncated);
        return new TokenizedText(ids[..length], tokens, truncated);
    }

    /// <summary>Tells what was found and how it will be used.</summary>
    /// <returns>The facts, as plain data.</returns>
    public ModelInspection Inspect() => new(
        _parts.Family,
        _dimensions ?? _parts.ConfiguredDimensions,
        _parts.Joint is not null || ((_parts.Image ?? _parts.Text)?.UnitLength ?? false),
        _parts.Graphs.ToDictionary(graph => graph.Key, graph => new GraphInspection(
            System.IO.Path.GetRelativePath(Path, graph.Value.Path).Replace('\\', '/'), Describe(graph.Value.Inputs), Describe(graph.Value.Outputs))
        { Bytes = graph.Value.Bytes }),
        _parts.Preprocessing,
        _parts.TextFeed is { } feed
            ? new TokenizerInspection(feed.Tokenizer is PipelineTokenizer words ? words.Kind : "CLIP", feed.Tokenizer.VocabularySize, feed.ContextLength, feed.PadId)
            : null,
        _parts.Notes)
    {
        Composition = _parts.Composition,
    };

    private static GraphTensor[] Describe(IReadOnlyList<OnnxTensor> tensors)
        => [.. tensors.Select(tensor => new GraphTensor(
            tensor.Name, tensor.ElementType == TensorElementType.DataTypeMax ? "unknown" : tensor.ElementType.ToString().ToLowerInvariant(), tensor.Shape))];

    private InvalidModelException Missing(string side, string expected) => new(
        $"The model folder '{Path}' has no {side} graph: looked for {expected}. Found: {ModelFiles.List(Path)}.");

    /// <summary>Loads the text graph of a model that reads images and texts together, and with a decoder the vision graph.</summary>
    internal JointEncoder OpenJoint(Type owner, IImageDecoder? decoder, SoftTokenCache? cache)
    {
        JointModel joint = _parts.Joint!;
        if (decoder is not null && joint.Vision is null)
        {
            throw Missing("image", _parts.ExpectedImageGraph);
        }

        JointTextGraph text = new(joint, OpenSession(joint.Text, _options.Execution), _options.BatchSize, _options.AllowBatchDependentRows);
        try
        {
            VisionEncoder? vision = decoder is null ? null : new VisionEncoder(joint, OpenSession(joint.Vision!, _options.Execution), decoder, _options.DecodeOptions, cache);
            return new JointEncoder(owner, joint, text, vision, _options.BatchSize);
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    private GraphRunner OpenRunner(Type owner, EncoderGraph graph)
    {
        OnnxExecutionOptions execution = _options.Execution;
        bool isSmall = execution is { Threads: 0, Provider: ExecutionProvider.Cpu } && graph.File.Bytes < OnnxExecutionOptions.BytesOfSmallGraph;
        OnnxSession session = OpenSession(graph.File, isSmall ? new OnnxExecutionOptions(execution) { Threads = 1 } : execution);
        try
        {
            GraphRunner runner = new(
                owner,
                session,
                graph,
                _parts.Preprocessing?.OutputSize,
                _parts.TextFeed,
                _options.AllowBatchDependentRows,
                isSmall ? Environment.ProcessorCount : 1);
            lock (_sessionsLock)
            {
                _dimensions ??= runner.Dimensions;
                return runner.Dimensions == _dimensions
                    ? runner
                    : throw new InvalidModelException(
                        $"The graph '{graph.File.Path}' writes embeddings of {runner.Dimensions} components, the other graph of {_dimensions}; "
                        + "both must be of one model.");
            }
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private OnnxSession OpenSession(OnnxGraphFile graph, OnnxExecutionOptions execution)
    {
        lock (_sessionsLock)
        {
            if (_sessions.TryGetValue(graph.Path, out OnnxSession? shared) && shared.TryShare())
            {
                return shared;
            }

            return _sessions[graph.Path] = graph.Open(execution);
        }
    }
}
