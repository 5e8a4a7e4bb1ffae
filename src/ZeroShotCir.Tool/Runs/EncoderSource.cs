using ZeroShotCir.Answers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Tool.Options;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Makes the encoders of a model folder, or of a model behind a service; disposes all that it made.</summary>
internal sealed class EncoderSource : IDisposable
{
    private readonly List<IDisposable> _made = [];
    private readonly OnnxModelFolder? _folder;
    private readonly HttpEmbeddingModel? _service;
    private readonly IImageDecoder? _decoder;

    private EncoderSource(OnnxModelFolder? folder, HttpEmbeddingModel? service, IImageDecoder? decoder)
    {
        _folder = folder;
        _service = service;
        _decoder = decoder;
    }

    /// <summary>What a service was asked; <see langword="null"/> of a folder.</summary>
    public EmbeddingUsage? Usage => _service?.Usage;

    public static EncoderSource FromFolder(OnnxModelFolder folder, IImageDecoder decoder) => new(folder, null, decoder);

    /// <summary>Opens a model behind a service; its key is in the environment.</summary>
    /// <param name="name">Service and model.</param>
    /// <param name="dimensions">How many components an embedding has, where it was said.</param>
    /// <param name="endpoint">Where it answers, if not at its own address.</param>
    /// <param name="store">The file that keeps answers, if one does.</param>
    /// <exception cref="BadUsageException">The key is not there, or the service needs what was not said.</exception>
    public static EncoderSource FromService(string name, int? dimensions, Uri? endpoint, FileInfo? store)
    {
        EmbeddingService service = EmbeddingService.Find(name.Split(':')[0]);
        string? key = service.KeyVariable is { } variable ? Environment.GetEnvironmentVariable(variable) : null;
        if (service.KeyVariable is not null && string.IsNullOrWhiteSpace(key))
        {
            throw new BadUsageException($"The key of {service} is not there. Put it into the environment variable {service.KeyVariable}.");
        }

        HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
        AnswerStore? answers = null;
        try
        {
            answers = store is null ? null : AnswerStore.Open(store.FullName);
            HttpEmbeddingModel model = HttpEmbeddingModel.Open(name, http, new HttpEmbeddingOptions { Key = key, Dimensions = dimensions, Endpoint = endpoint, Store = answers });
            EncoderSource source = new(null, model, null);
            source._made.Add(http);
            source._made.AddRange(new[] { answers }.OfType<AnswerStore>());
            return source;
        }
        catch (Exception e)
        {
            answers?.Dispose();
            http.Dispose();
            throw e is ArgumentException ? new BadUsageException(Messages.Describe(e).Replace("HttpEmbeddingOptions.Dimensions", "--dimensions", StringComparison.Ordinal)) : e;
        }
    }

    public IImageEncoder Images(EncodingRole role) => _service is not null ? _service.CreateImageEncoder(role) : Kept(_folder!.CreateImageEncoder(_decoder!, role));

    public ITextEncoder Texts(EncodingRole role) => _service is not null ? _service.CreateTextEncoder(role) : Kept(_folder!.CreateTextEncoder(role));

    public IComposedEncoder Composed() => _service is not null ? _service.CreateComposedEncoder() : Kept(_folder!.CreateComposedEncoder(_decoder!));

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
