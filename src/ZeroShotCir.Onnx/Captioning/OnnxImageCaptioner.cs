using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// Captions by an encoder-decoder model folder: ViT-GPT2 and its like (<c>encoder_model</c> with <c>decoder_model_merged</c>, with
/// <c>decoder_model</c> and <c>decoder_with_past_model</c>, or with <c>decoder_model</c> alone), BLIP (the same, or
/// <c>vision_model</c> with <c>text_decoder</c>), Florence-2.
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
    private readonly ImagePreprocessor _preprocessor;
    private readonly ITokenizer _tokenizer;
    private readonly CaptionerSessions _sessions;
    private volatile bool _isDisposed;

    private OnnxImageCaptioner(
        string captionerId, IImageDecoder imageDecoder, OnnxCaptionerOptions options, CaptionPlan plan, ImagePreprocessor preprocessor, ITokenizer tokenizer, CaptionerSessions sessions)
    {
        _imageDecoder = imageDecoder;
        _decodeOptions = new DecodeOptions(options.DecodeOptions);
        _plan = plan;
        _preprocessor = preprocessor;
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

        ModelFamily family = ModelFamily.Of(ModelConfig.Read(folder));
        if (!family.IsCaptioner)
        {
            throw new InvalidModelException(
                $"The model folder '{folder}' is of the family {family.Name}, which writes no captions. Captioners are of the model type {string.Join(", ", ModelFamily.All.Where(f => f.IsCaptioner).SelectMany(f => f.ModelTypes))}"
                + " (blip with the architecture BlipForConditionalGeneration).");
        }

        CaptionerGraphs graphs = CaptionerGraphs.Find(folder, family, options.Precision);
        CaptionerConfig config = CaptionerConfig.Read(folder, family);
        ImagePreprocessor preprocessor = new(ModelParts.FindPreprocessing(folder, isOpenClip: false) with { ResizeOrder = options.ResizeOrder });
        ITokenizer tokenizer = TokenizerFolder.Load(folder);
        bool takesInstruction = graphs.Layout.Instruction is not null;
        int[] instruction = takesInstruction ? Encode(tokenizer, FlorenceTasks.QuestionOf(options.Prompt ?? FlorenceTasks.Caption)) : [];
        int[] start = [config.StartId];
        if (!takesInstruction && options.Prompt is { } prompt)
        {
            // The words alone: without [CLS], whose place the start token takes, and [SEP].
            start = family.BeginsWithPrompt
                ? [config.StartId, .. Encode(tokenizer, prompt)[1..^1]]
                : throw new InvalidModelException($"The captioner folder '{folder}' is of the family {family.Name}, which takes no prompt. Leave {nameof(OnnxCaptionerOptions)}.{nameof(OnnxCaptionerOptions.Prompt)} out.");
        }

        CaptionPlan plan = CaptionPlan.Of(options, config, start);
        if (start.Length >= plan.MaxLength)
        {
            throw options.Prompt is null || takesInstruction
                ? new InvalidModelException(
                    $"The captioner folder '{folder}' lets a caption have {plan.MaxLength} tokens with the start token, which leaves none to write. "
                    + "Raise max_length in its generation_config.json or config.json.")
                : new ArgumentException(
                    $"The prompt has {start.Length} tokens with the start token; the captioner '{folder}' writes {plan.MaxLength} at most. Take a shorter prompt.", nameof(options));
        }

        string id = CaptionerIdentity.Of(folder, family, graphs, plan, instruction, preprocessor.Settings, imageDecoder.Name, options.DecodeOptions.Orientation);
        return new OnnxImageCaptioner(id, imageDecoder, options, plan, preprocessor, tokenizer, CaptionerSessions.Open(graphs, options.Execution, config, instruction));
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The captioner is disposed.</exception>
    public async ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        options ??= new CaptionOptions();
        try
        {
            IReadOnlyList<CaptionSequence> sequences = await Task.Run(() => Decode(image, options, cancellationToken), cancellationToken).ConfigureAwait(false);
            return [.. sequences.Select(sequence => Text(sequence)).Distinct(StringComparer.Ordinal).Take(options.Count)];
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
        float[] values = new float[3 * _preprocessor.Height * _preprocessor.Width];
        _preprocessor.Preprocess(pixels, values);
        using CaptionMemory memory = new();
        OrtValue encoded = _sessions.Encode(values, _preprocessor.Height, _preprocessor.Width, memory, cancellationToken);
        CaptionSearch search = new(_sessions.Decoder, _plan, encoded, memory, _plan.Limit(options.MaxTokens));
        if (_plan.Decoding == CaptionDecoding.Beam)
        {
            return search.Beam(Math.Max(_plan.Beams, options.Count), cancellationToken);
        }

        List<CaptionSequence> found = _plan.Decoding == CaptionDecoding.Greedy ? [search.Greedy(cancellationToken)] : [];
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

    private static int[] Encode(ITokenizer tokenizer, string prompt)
    {
        int[] ids = new int[tokenizer.MaxLength];
        int count = tokenizer.Encode(prompt, ids, out bool truncated);
        return truncated
            ? throw new ArgumentException($"The prompt has more than the {tokenizer.MaxLength} tokens that the captioner reads. Take a shorter prompt.", nameof(prompt))
            : ids[..count];
    }

    /// <summary>The words of a sequence, without the start token, which BLIP's published vocabulary does not have.</summary>
    internal string Text(CaptionSequence sequence)
    {
        ReadOnlySpan<int> ids = sequence.Ids.AsSpan(1);
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
