using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tool.Options;

/// <summary>Makes the encoders of a model folder, or of a model behind a service; disposes all that it made.</summary>
internal sealed class EncoderSource : IDisposable
{
    private readonly List<IDisposable> _made = [];
    private readonly HttpEmbeddingModel? _service;
    private readonly Lazy<IImageDecoder> _decoder;

    private EncoderSource(OnnxModelFolder? folder, HttpEmbeddingModel? service, Func<IImageDecoder> decoder, DecodeOptions reading)
    {
        Folder = folder;
        _service = service;
        _decoder = new Lazy<IImageDecoder>(decoder);
        Reading = reading;
    }

    /// <summary>Decodes pictures; made, with its native libraries, when it is first asked for.</summary>
    public IImageDecoder Decoder => _decoder.Value;

    /// <summary>How pictures are decoded.</summary>
    public DecodeOptions Reading { get; }

    /// <summary>The folder; <see langword="null"/> of a service.</summary>
    public OnnxModelFolder? Folder { get; }

    /// <summary>What a service was asked; <see langword="null"/> of a folder.</summary>
    public EmbeddingUsage? Usage => _service?.Usage;

    /// <summary>Identifies the model and how it is asked.</summary>
    public string ModelId => Folder?.ModelId ?? _service!.ModelId;

    /// <summary>What kind of model it is: a family, or a service.</summary>
    public string Family => Folder?.Inspect().Family ?? _service!.Service.Name;

    /// <summary>Where it is: the folder, or the service and its name for the model.</summary>
    public string Place => Folder?.Path ?? $"{_service!.Service.Name}:{_service.Model}";

    /// <summary>What it makes of an image and a text that come together.</summary>
    public CompositionKind Composition => Folder?.Composition ?? _service!.Service.Kind;

    /// <summary>Whether it composes by itself.</summary>
    public bool Composes => Composition is CompositionKind.Joint or CompositionKind.Averaged;

    public static EncoderSource FromFolder(OnnxModelFolder folder, Func<IImageDecoder> decoder) => new(folder, null, decoder, folder.Options.DecodeOptions);

    /// <param name="service">The model behind a service.</param>
    /// <param name="owned">What is disposed with it, the last first.</param>
    /// <param name="decoder">Decodes pictures of which only a part is sent; the others go as they are.</param>
    /// <param name="reading">How it does.</param>
    public static EncoderSource FromService(HttpEmbeddingModel service, IEnumerable<IDisposable> owned, Func<IImageDecoder> decoder, DecodeOptions reading)
    {
        EncoderSource source = new(null, service, decoder, reading);
        source._made.AddRange(owned);
        return source;
    }

    public IImageEncoder Images(EncodingRole role = EncodingRole.Document)
        => _service is not null ? _service.CreateImageEncoder(role) : Kept(Folder!.CreateImageEncoder(Decoder, role));

    public ITextEncoder Texts(EncodingRole role = EncodingRole.Query) => _service is not null ? _service.CreateTextEncoder(role) : Kept(Folder!.CreateTextEncoder(role));

    public IComposedEncoder Composed() => _service is not null ? _service.CreateComposedEncoder() : Kept(Folder!.CreateComposedEncoder(Decoder));

    /// <summary>What becomes of a text that is longer than the model reads; <see langword="null"/> where all of it is read, or a service would refuse it.</summary>
    public TokenizedText? Truncated(string text) => Folder?.Tokenize(text) is { IsTruncated: true } cut ? cut : null;

    public void Dispose()
    {
        foreach (IDisposable made in Enumerable.Reverse(_made))
        {
            made.Dispose();
        }
    }

    private T Kept<T>(T encoder)
        where T : IDisposable
    {
        _made.Add(encoder);
        return encoder;
    }
}
