using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Tokenizers;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// Captions by an encoder-decoder model folder such as ViT-GPT2: <c>encoder_model</c> with <c>decoder_model_merged</c>, or with
/// <c>decoder_model</c> and <c>decoder_with_past_model</c>.
/// </summary>
/// <remarks>Serves concurrent callers. Disposing waits for calls in flight.</remarks>
public sealed class OnnxImageCaptioner : IImageCaptioner, IDisposable
{
    private const int TriesPerCaption = 8;
    private readonly IImageDecoder _imageDecoder;
    private readonly OnnxCaptionerOptions _options;
    private readonly CaptionerConfig _config;
    private readonly ImagePreprocessor _preprocessor;
    private readonly ITokenizer _tokenizer;
    private readonly OnnxSession _encoder;
    private readonly CaptionDecoder _decoder;

    private OnnxImageCaptioner(
        string folder, IImageDecoder imageDecoder, OnnxCaptionerOptions options, CaptionerConfig config, ImagePreprocessor preprocessor, ITokenizer tokenizer, OnnxSession encoder, CaptionDecoder decoder)
    {
        _imageDecoder = imageDecoder;
        _options = options;
        _config = config;
        _preprocessor = preprocessor;
        _tokenizer = tokenizer;
        _encoder = encoder;
        _decoder = decoder;
        CaptionerId = Identify(folder, encoder.Path, options);
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
        options ??= OnnxCaptionerOptions.Default;
        if (!Directory.Exists(folder))
        {
            throw new InvalidModelException($"The captioner folder '{folder}' does not exist. Check the path.");
        }

        CaptionerGraphs graphs = CaptionerGraphs.Find(folder, options.Precision);
        CaptionerConfig config = CaptionerConfig.Read(folder);
        ImagePreprocessor preprocessor = new(ImagePreprocessing.FromPreprocessorConfig(Path.Combine(folder, "preprocessor_config.json")));
        ITokenizer tokenizer = TokenizerFolder.Load(folder);
        OnnxSession encoder = OnnxSession.Open(graphs.Encoder, options.Execution);
        try
        {
            OnnxSession first = OnnxSession.Open(graphs.FirstStep, options.Execution);
            try
            {
                OnnxSession next = graphs.NextSteps == graphs.FirstStep ? first : OnnxSession.Open(graphs.NextSteps, options.Execution);
                return new OnnxImageCaptioner(folder, imageDecoder, options, config, preprocessor, tokenizer, encoder, new CaptionDecoder(first, next, config));
            }
            catch
            {
                first.Dispose();
                throw;
            }
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= new CaptionOptions();
        IReadOnlyList<CaptionSequence> sequences = await Task.Run(() => Decode(image, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        return [.. sequences.Select(sequence => _tokenizer.Decode(sequence.Ids)).Distinct(StringComparer.Ordinal).Take(options.Count)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    /// <summary>The sequences of an image's captions, best first.</summary>
    internal IReadOnlyList<CaptionSequence> Decode(ImageData image, CaptionOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using RgbImage pixels = _imageDecoder.Decode(image, _options.DecodeLimits);
        float[] values = new float[3 * _preprocessor.Height * _preprocessor.Width];
        _preprocessor.Preprocess(pixels, values);
        using CaptionMemory memory = new();
        OrtValue input = memory.Keep(PixelValues(values));
        OrtValue encoded = memory.Keep(_encoder.Run([_encoder.Inputs[0].Name], [input], [_encoder.Outputs[0].Name], cancellationToken))[0];
        int maxLength = Math.Min(options.MaxTokens ?? _config.MaxLength, _config.MaxLength);
        CaptionSearch search = new(_decoder, _config, encoded, memory, maxLength);
        if (_options.Decoding == CaptionDecoding.Beam)
        {
            return search.Beam(Math.Max(_options.Beams, options.Count), _options.EarlyStopping, cancellationToken);
        }

        List<CaptionSequence> found = _options.Decoding == CaptionDecoding.Greedy ? [search.Greedy(cancellationToken)] : [];
        Random random = new(options.Seed);
        for (int tries = options.Count * TriesPerCaption; found.Count < options.Count && tries > 0; tries--)
        {
            CaptionSequence sampled = search.Sample(_options.Temperature, _options.TopP, random, cancellationToken);
            if (!found.Exists(sequence => sequence.Ids.AsSpan().SequenceEqual(sampled.Ids)))
            {
                found.Add(sampled);
            }
        }

        return found;
    }

    private static string Identify(string folder, string encoderPath, OnnxCaptionerOptions options)
    {
        string decoding = options.Decoding switch
        {
            CaptionDecoding.Beam => FormattableString.Invariant($"beam{options.Beams}{(options.EarlyStopping ? "-early" : string.Empty)}"),
            CaptionDecoding.Sample => FormattableString.Invariant($"sample-t{options.Temperature}-p{options.TopP}"),
            _ => FormattableString.Invariant($"greedy-t{options.Temperature}-p{options.TopP}"),
        };
        using FileStream stream = File.OpenRead(encoderPath);
        return $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))}-{Convert.ToHexStringLower(SHA256.HashData(stream))[..12]}-{decoding}";
    }

    private OrtValue PixelValues(float[] values)
    {
        long[] shape = [1, 3, _preprocessor.Height, _preprocessor.Width];
        OnnxTensor declared = _encoder.Inputs[0];
        for (int axis = 1; axis < declared.Dimensions.Count; axis++)
        {
            if (declared.Dimensions[axis] != OnnxTensor.Dynamic && declared.Dimensions[axis] != shape[axis])
            {
                throw new InvalidModelException(
                    $"preprocessor_config.json makes images of {_preprocessor.Width} × {_preprocessor.Height} pixels, but the encoder '{_encoder.Path}' takes {declared}. Use the configuration that belongs to the model.");
            }
        }

        if (declared.ElementType != TensorElementType.Float16)
        {
            return OrtValue.CreateTensorValueFromMemory(values, shape);
        }

        Float16[] halves = new Float16[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()));
        return OrtValue.CreateTensorValueFromMemory(halves, shape);
    }
}
