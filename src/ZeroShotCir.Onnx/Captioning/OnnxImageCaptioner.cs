using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// Captions by a model folder: ViT-GPT2 and its like (<c>encoder_model</c> with <c>decoder_model_merged</c>, with
/// <c>decoder_model</c> and <c>decoder_with_past_model</c>, or with <c>decoder_model</c> alone), BLIP (the same, or
/// <c>vision_model</c> with <c>text_decoder</c>), Florence-2; and SmolVLM and Idefics3, whose decoder reads the picture, cut into
/// tiles, in its prompt (<c>vision_encoder</c>, <c>embed_tokens</c>, <c>decoder_model_merged</c>).
/// </summary>
/// <remarks>
/// Serves concurrent callers. Disposing waits for the graphs that are running; a call that has more to do then ends with
/// <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class OnnxImageCaptioner : IImageCaptioner, IDisposable
{
    private const int TriesPerCaption = 8;
    private readonly IImageDecoder _imageDecoder;
    private readonly DecodeOptions _decodeOptions;
    private readonly CaptionPlan _plan;
    private readonly CaptionInput _input;
    private readonly ITokenizer _tokenizer;
    private readonly CaptionerSessions _sessions;
    private volatile bool _isDisposed;

    private OnnxImageCaptioner(
        string captionerId, IImageDecoder imageDecoder, OnnxCaptionerOptions options, CaptionPlan plan, CaptionInput input, ITokenizer tokenizer, CaptionerSessions sessions)
    {
        _imageDecoder = imageDecoder;
        _decodeOptions = new DecodeOptions(options.DecodeOptions);
        _plan = plan;
        _input = input;
        _tokenizer = tokenizer;
        _sessions = sessions;
        CaptionerId = captionerId;
    }

    /// <inheritdoc/>
    public string CaptionerId { get; }

    /// <summary>Opens a captioner folder.</summary>
    /// <param name="folder">The folder: <c>config.json</c>, <c>preprocessor_config.json</c>, tokenizer files, graphs in <c>onnx/</c> or beside them.</param>
    /// <param name="imageDecoder">Decodes the images.</param>
    /// <param name="options">How it decodes; <see langword="null"/> for the defaults.</param>
    /// <returns>The captioner; the caller disposes it.</returns>
    /// <exception cref="InvalidModelException">Something is missing, damaged or not supported; the message lists what was found.</exception>
    public static OnnxImageCaptioner Open(string folder, IImageDecoder imageDecoder, OnnxCaptionerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(imageDecoder);
        options ??= new OnnxCaptionerOptions();
        if (!Directory.Exists(folder))
        {
            throw new InvalidModelException($"The captioner folder '{folder}' does not exist. Check the path.");
        }

        ModelFamily family = ModelFamily.For(ModelConfig.Read(folder));
        if (!family.IsCaptioner)
        {
            throw new InvalidModelException(
                $"The model folder '{folder}' is of the family {family.Name}, which writes no captions. "
                + $"Captioners are of the model type {string.Join(", ", ModelFamily.All.Where(f => f.IsCaptioner).SelectMany(f => f.ModelTypes))}"
                + " (blip with the architecture BlipForConditionalGeneration).");
        }

        CaptionerGraphs graphs = CaptionerGraphs.Find(folder, family, options.Precision);
        CaptionerConfig config = CaptionerConfig.Read(folder, family);
        ITokenizer tokenizer = TokenizerFolder.Load(folder);
        CaptionInput input = family.ReadsPrompt
            ? new PromptedInput(TilingFile.Read(folder, options.Tiles, options.ResizeOrder), ChatPrompt.Read(folder, tokenizer, options.Prompt))
            : EncodedInput.Create(folder, family, graphs.Layout, config, tokenizer, options);
        CaptionPlan plan = CaptionPlan.Create(options, config, input.Start, input.Hidden(input.Start));
        if (plan.Start.Length >= plan.MaxLength)
        {
            throw options.Prompt is null || graphs.Layout.Instruction is not null
                ? new InvalidModelException(
                    $"The captioner folder '{folder}' lets a caption have {plan.MaxLength} tokens with the {plan.Start.Length} that it starts with, which leaves none to write. "
                    + "Raise max_length in its generation_config.json or config.json.")
                : new ArgumentException(
                    $"The prompt has {plan.Start.Length} tokens with the start token; the captioner '{folder}' writes {plan.MaxLength} at most. "
                    + "Take a shorter prompt.", nameof(options));
        }

        string id = CaptionerIdentity.Compute(folder, family, graphs, plan, input, imageDecoder.Name, options.DecodeOptions.Orientation);
        return new OnnxImageCaptioner(id, imageDecoder, options, plan, input, tokenizer, CaptionerSessions.Open(graphs, options.Execution, config, input));
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The captioner is disposed.</exception>
    public async ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        options = options is null ? new CaptionOptions() : new CaptionOptions(options);
        try
        {
            IReadOnlyList<CaptionSequence> sequences = await Task.Run(() => Decode(image, options, cancellationToken), cancellationToken).ConfigureAwait(false);
            return [.. sequences.Select(Text).Distinct(StringComparer.Ordinal).Take(options.Count)];
        }
        catch (ObjectDisposedException) when (_isDisposed)
        {
            throw new ObjectDisposedException(GetType().FullName); // A session that the caller never saw was found closed.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _sessions.Dispose();
    }

    /// <summary>The tokens that every caption starts with, a prompt included.</summary>
    internal int StartLength => _plan.Start.Length;

    /// <summary>The sequences of an image's captions, best first.</summary>
    internal IReadOnlyList<CaptionSequence> Decode(ImageData image, CaptionOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using RgbImage pixels = _imageDecoder.Decode(image, _decodeOptions);
        using CaptionMemory memory = new();
        CaptionStart start = _sessions.Reader.Read(pixels, memory, cancellationToken);
        CaptionPlan plan = _plan with { Start = start.Ids, Hidden = _input.Hidden(start.Ids) };
        int limit = plan.Limit(options.MaxTokens);
        if (start.Ids.Length >= limit)
        {
            throw new InvalidModelException(
                $"The picture and the prompt take {start.Ids.Length} tokens, and the captioner reads and writes {limit} at most, so that none is left to write. "
                + "Turn tiles off, or raise max_length in its generation_config.json.");
        }

        CaptionSearch search = new(_sessions.Decoder, plan, start.Encoded, memory, limit);
        if (plan.Decoding == CaptionDecoding.Beam)
        {
            return search.Beam(Math.Max(plan.Beams, options.Count), cancellationToken);
        }

        List<CaptionSequence> found = plan.Decoding == CaptionDecoding.Greedy ? [search.Greedy(cancellationToken)] : [];
        Random random = new(options.Seed);
        for (int tries = options.Count * TriesPerCaption; found.Count < options.Count && tries > 0; tries--)
        {
            CaptionSequence sampled = search.Sample(random, cancellationToken);
            if (!found.Exists(sequence => sequence.Ids.AsSpan().SequenceEqual(sampled.Ids)))
            {
                found.Add(sampled);
            }
        }

        return found;
    }

    /// <summary>The words of a sequence, without the start token, which BLIP's published vocabulary does not have, and without a question.</summary>
    internal string Text(CaptionSequence sequence)
    {
        ReadOnlySpan<int> ids = sequence.Ids.AsSpan(sequence.Hidden);
        foreach (int id in ids)
        {
            if (id >= _tokenizer.VocabularySize)
            {
                throw new InvalidModelException(
                    $"The decoder gave the token {id}, but the tokenizer has {_tokenizer.VocabularySize}. Use the tokenizer files that belong to the model.");
            }
        }

        return _tokenizer.Decode(ids);
    }
}
