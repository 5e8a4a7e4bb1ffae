using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>A service that embeds images and texts over HTTP: its documented request, reply, batches and limits. One row of a table.</summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public abstract class EmbeddingService
{
    private protected EmbeddingService(string name, CompositionKind kind, string endpoint)
    {
        Name = name;
        Kind = kind;
        Endpoint = new Uri(endpoint);
    }

    /// <summary>The services that are known.</summary>
    public static IReadOnlyList<EmbeddingService> All { get; } =
        [new CohereService(), new VoyageService(), new GeminiService(), new DashScopeService(), new JinaService(), new VllmService()];

    /// <summary>Its name, such as <c>voyage</c>.</summary>
    public string Name { get; }

    /// <summary>What it makes of an image and a text that come together.</summary>
    public CompositionKind Kind { get; }

    /// <summary>Where it answers, unless options say otherwise.</summary>
    public Uri Endpoint { get; }

    /// <summary>The environment variable that programs keep its key in; <see langword="null"/> where it needs none.</summary>
    public string? KeyVariable { get; private protected init; }

    /// <summary>How many inputs a request may have.</summary>
    public int MaxInputs { get; private protected init; } = 1;

    /// <summary>The formats of images that it takes.</summary>
    public IReadOnlyList<ImageFormat> ImageFormats { get; private protected init; } = [ImageFormat.Png, ImageFormat.Jpeg, ImageFormat.WebP, ImageFormat.Gif];

    /// <summary>How many bytes an image may have.</summary>
    public long MaxImageBytes { get; private protected init; } = 20L << 20;

    /// <summary>How many images an input may have.</summary>
    public int MaxImages { get; private protected init; } = int.MaxValue;

    /// <summary>Whether a query gets another embedding than a document.</summary>
    internal virtual bool TellsRoles => true;

    /// <summary>Whether it takes an instruction of the caller's own.</summary>
    internal virtual bool TakesInstruction => false;

    /// <summary>Finds a service.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static EmbeddingService Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return All.FirstOrDefault(service => service.Name == name)
            ?? throw new ArgumentException($"The embedding service '{name}' is not known; known are {string.Join(", ", All.Select(service => service.Name))}.", nameof(name));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The components of a model's embedding where nothing else is asked for; <see langword="null"/> where only the server knows.</summary>
    internal abstract int? DimensionsOf(string model);

    /// <summary>Which inputs may share a request.</summary>
    internal virtual IEnumerable<int[]> Split(IReadOnlyList<ComposedInput> inputs, int batch, bool isInstructed)
        => Enumerable.Range(0, inputs.Count).Chunk(Math.Min(batch, MaxInputs));

    /// <summary>The address of a request below the endpoint.</summary>
    internal abstract string PathOf(ServiceCall call);

    /// <summary>Writes the body of a request.</summary>
    internal abstract void Write(Utf8JsonWriter writer, ServiceCall call);

    /// <summary>Reads a reply that is no error.</summary>
    /// <exception cref="FormatException">It is not what the service documents.</exception>
    internal abstract ServiceReply Read(JsonElement reply, int count);

    /// <summary>Adds the key to a request.</summary>
    internal virtual void Authorize(HttpRequestMessage request, string key) => request.Headers.Authorization = new("Bearer", key);

    /// <summary>The bytes of an image as a URL.</summary>
    private protected static string DataUrl(ImageData image) => $"data:{MediaTypeOf(image)};base64,{Convert.ToBase64String(image.Data.Span)}";

    private protected static string MediaTypeOf(ImageData image) => ImageFormat.Recognize(image.Data.Span)?.MediaType ?? image.MediaType;
}
