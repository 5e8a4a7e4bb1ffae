using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroShotCir.Composition;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>Opens the retriever of a gallery as configuration and services say: over the gallery itself, or over a store of it.</summary>
internal sealed class RetrieverSource
{
    private readonly IServiceProvider _services;
    private readonly string? _name;
    private readonly string? _folder;
    private readonly double? _beta;
    private readonly IGalleryStore? _store;

    public RetrieverSource(IServiceProvider services, string? name)
    {
        GalleryOptions options = services.GetRequiredService<IOptionsMonitor<GalleryOptions>>().Get(name ?? Options.DefaultName);
        Defaults = new RetrievalOptions
        {
            Strategy = ConfiguredStrategy.Create(options.Strategy, options.Parameters, options.Alpha),
            Beta = options.Beta ?? Folding.DefaultBeta,
            Scoring = options.Scoring,
            MissingCaptions = options.MissingCaptions,
            FoldOtherBetas = false,
            MaxIndexes = 8,
        };
        Encoders = services.GetRequiredKeyedService<ModelEncoders>(options.Model);
        _services = services;
        _name = name;
        _folder = options.Folder;
        _beta = options.Beta;
        _store = services.GetKeyedService<IGalleryStore>(name);
    }

    /// <summary>How queries are scored that do not say it themselves, as configuration has it; a store may have another weight of captions.</summary>
    public RetrievalOptions Defaults { get; }

    public ModelEncoders Encoders { get; }

    /// <summary>Whether what is searched can change while it is searched.</summary>
    public bool CanChange => _folder is not null || _store is not null;

    public string Title => _name ?? _store?.Name ?? _folder ?? "in memory";

    /// <exception cref="InvalidGalleryException">The gallery cannot be opened, the store holds none, or either is of another model.</exception>
    public async Task<OpenedRetriever> OpenAsync(CancellationToken cancellationToken)
    {
        // Read before the gallery is opened: an update between the two is seen as one later.
        string manifest = ReadManifest();
        Gallery? gallery = _folder is not null ? Gallery.Open(_folder) : _services.GetKeyedService<Gallery>(_name);
        if (_store is null)
        {
            return gallery is null
                ? throw new InvalidOperationException(
                    "No gallery is registered. Name its folder in the configuration (Gallery:Folder), or add UseGallery(gallery) or UseStore(store).")
                : Opened(Create(gallery, Defaults), Defaults, gallery, null, manifest);
        }

        StoreDescription description = await DescribeAsync(cancellationToken).ConfigureAwait(false);
        RetrievalOptions options = Defaults.Copy();

        // At another weight than its own a store only gives candidates.
        options.Beta = _beta ?? description.Beta;
        return Opened(Create(new StoreGallerySearch(_store), gallery, options), options, gallery, description, manifest + MarkOf(description));
    }

    /// <summary>The mark of what would be opened now.</summary>
    public async Task<string> ReadMarkAsync(CancellationToken cancellationToken)
        => ReadManifest() + (_store is null ? "" : MarkOf(await DescribeAsync(cancellationToken).ConfigureAwait(false)));

    private async Task<StoreDescription> DescribeAsync(CancellationToken cancellationToken) => await _store!.GetDescriptionAsync(cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidGalleryException($"The store '{_store.Name}' holds no gallery. Push one to it first: 'cir gallery push'.");

    private OpenedRetriever Opened(ComposedImageRetriever retriever, RetrievalOptions defaults, Gallery? gallery, StoreDescription? description, string mark) => new()
    {
        Retriever = retriever,
        Defaults = defaults,
        Gallery = gallery,
        Store = _store,
        Description = description,
        Mark = mark,
    };

    private ComposedImageRetriever Create(Gallery gallery, RetrievalOptions options) => new(
        gallery, Encoders.ImageEncoder, Encoders.TextEncoder, options,
        _services.GetService<ITargetDescriber>(), Reranker(), Pictures(gallery), Encoders.ComposedEncoder);

    private ComposedImageRetriever Create(IGallerySearch search, Gallery? gallery, RetrievalOptions options) => new(
        search, Encoders.ImageEncoder, Encoders.TextEncoder, options,
        _services.GetService<ITargetDescriber>(), Reranker(), Pictures(gallery), Encoders.ComposedEncoder);

    private ITargetReranker? Reranker() => _services.GetService<ITargetReranker>() ?? _services.GetService<ITargetVerifier>();

    private IImageSource? Pictures(Gallery? gallery)
        => _services.GetService<IImageSource>() ?? (gallery?.Roots.Count > 0 ? new GalleryPictures(gallery) : null);

    // The manifest is replaced by each commit, and holds its number: the same bytes are the same gallery.
    private string ReadManifest()
    {
        string? file = _folder is null ? null : Path.Combine(_folder, "manifest.json");
        return file is null || !File.Exists(file) ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
    }

    private static string MarkOf(StoreDescription description) => string.Create(
        CultureInfo.InvariantCulture, $" {description.Generation} {description.Rows} {description.Beta} {description.MissingCaptions} {description.Model?.ImageModelId}");
}
