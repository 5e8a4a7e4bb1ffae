using System.Security.Cryptography;
using System.Text;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Extensions.Http.Transport;
using ZeroShotCir.Retries;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>A model behind an embedding service: makes encoders of images, of texts, and of both together.</summary>
/// <remarks>Thread-safe. Nothing is asked before an encoder is. The caller disposes the <see cref="HttpClient"/>; encoders have nothing to dispose.</remarks>
public sealed class HttpEmbeddingModel
{
    private readonly UsageMeter _meter = new();
    private readonly HttpEmbeddingOptions _options;
    private readonly RowEncoder _rows;

    private HttpEmbeddingModel(EmbeddingService service, string model, HttpClient http, HttpEmbeddingOptions options)
    {
        Service = service;
        Model = model;
        _options = options;
        int? own = service.DimensionsOf(model);
        Dimensions = options.Dimensions ?? own ?? throw new ArgumentException(
            $"{service} does not say how long the embeddings of '{model}' are before it has written one. "
                + $"Set {nameof(HttpEmbeddingOptions)}.{nameof(HttpEmbeddingOptions.Dimensions)}.", nameof(options));
        if (options.Instruction is not null && !service.TakesInstruction)
        {
            throw new ArgumentException($"{service} takes no instruction. Leave it out.", nameof(options));
        }

        bool asks = options.Dimensions is not null && (own is not null || options.CutOnServer);
        Uri endpoint = options.Endpoint ?? service.Endpoint;
        string id = $"{service.Name}:{model}";
        string extras = string.Join('\n', new[] { options.Endpoint?.AbsoluteUri, options.Instruction }.OfType<string>());
        id = extras.Length > 0 ? $"{id}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(extras)))[..12]}" : id;
        ModelId = Dimensions == own ? id : EncoderInfo.NameOfCut(id, Dimensions);
        EmbeddingClient client = new(
            http,
            service,
            endpoint,
            options.Key,
            options.Timeout,
            new RetrySchedule(options.MaxRetries, options.FirstDelay, options.MaxDelay, options.Clock),
            options.Clock,
            _meter);
        _rows = new RowEncoder(this, client, _meter, options, asks ? Dimensions : null);
    }

    /// <summary>The service.</summary>
    public EmbeddingService Service { get; }

    /// <summary>What the service calls the model.</summary>
    public string Model { get; }

    /// <summary>The components of an embedding.</summary>
    public int Dimensions { get; }

    /// <summary>Identifies service, model, dimensions, instruction and an endpoint of one's own; not the key.</summary>
    public string ModelId { get; }

    /// <summary>What was asked so far, by all encoders of the model.</summary>
    public EmbeddingUsage Usage
    {
        get
        {
            (long requests, long failures, long inputs, long reused, long tokens, long images, long pixels) = _meter.Current;
            return new EmbeddingUsage
            {
                Requests = requests,
                FailedRequests = failures,
                Inputs = inputs,
                Reused = reused,
                Tokens = tokens,
                Images = images,
                Pixels = pixels,
                Cost = _options.Price is { } price ? (price.PerMillionTokens * tokens / 1_000_000m) + (price.PerThousandImages * images / 1000m) : null,
            };
        }
    }

    /// <summary>Names a model.</summary>
    /// <param name="name">Service and model, such as <c>voyage:voyage-multimodal-3.5</c> or <c>vllm:Qwen/Qwen3-VL-Embedding-2B</c>.</param>
    /// <param name="http">What sends requests; its own timeout should be longer than that of the options.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults. Read once.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The name is not of that form, the service is not known, or it needs what the options do not say.</exception>
    public static HttpEmbeddingModel Open(string name, HttpClient http, HttpEmbeddingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(http);
        string[] parts = name.Split(':', 2);
        return parts is [var service, { Length: > 0 } model]
            ? new HttpEmbeddingModel(EmbeddingService.Find(service), model, http, options?.Copy() ?? new HttpEmbeddingOptions())
            : throw new ArgumentException($"'{name}' names no embedding service; expected SERVICE:MODEL with a service "
                + $"of {string.Join(", ", EmbeddingService.All.Select(known => known.Name))}.", nameof(name));
    }

    /// <summary>Whether a name is of the form that <see cref="Open"/> takes, rather than a folder.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return EmbeddingService.All.Any(service => name.StartsWith(service.Name + ":", StringComparison.Ordinal));
    }

    /// <summary>An encoder of images.</summary>
    /// <param name="role">What they are encoded for; of a gallery, documents.</param>
    /// <returns>The encoder.</returns>
    public IImageEncoder CreateImageEncoder(EncodingRole role = EncodingRole.Document) => new HttpImageEncoder(_rows, InfoOf(role), role);

    /// <summary>An encoder of texts.</summary>
    /// <param name="role">What they are encoded for; captions of a gallery are documents.</param>
    /// <returns>The encoder.</returns>
    public ITextEncoder CreateTextEncoder(EncodingRole role = EncodingRole.Query) => new HttpTextEncoder(_rows, InfoOf(role), role);

    /// <summary>An encoder of images and texts together; of a service that keeps them apart, of their weighted sum.</summary>
    /// <returns>The encoder.</returns>
    public IComposedEncoder CreateComposedEncoder() => Service.Kind == CompositionKind.Separate
        ? new SeparateComposedEncoder(this, _options.Alpha)
        : new HttpComposedEncoder(_rows, new EncoderInfo(ModelId, Dimensions, isUnitLength: true), Service.Kind);

    private EncoderInfo InfoOf(EncodingRole role)
    {
        EncoderInfo documents = new(ModelId, Dimensions, isUnitLength: true);
        return !Service.TellsRoles ? documents
            : role == EncodingRole.Document ? documents with { Role = role }
            : documents with { Role = role, ModelId = ModelId + "-as-query", Space = ModelId };
    }
}
