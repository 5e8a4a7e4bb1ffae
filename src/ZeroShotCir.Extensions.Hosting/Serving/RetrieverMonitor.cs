using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ZeroShotCir.Errors;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Extensions.Hosting.Logging;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>The retriever of a gallery as it is now: another one after another process updated the gallery's folder.</summary>
/// <remarks>
/// Serves concurrent callers. A search goes on with the retriever that it began with. Services that live long ask for
/// <see cref="Current"/> each time; a <see cref="ComposedImageRetriever"/> or <see cref="Gallery"/> that is injected is the one of that moment.
/// </remarks>
public sealed class RetrieverMonitor
{
    private readonly Func<Gallery, ComposedImageRetriever> _create;
    private readonly Func<Gallery> _gallery;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly string? _folder;
    private volatile ComposedImageRetriever? _current;
    private byte[] _manifest = [];

    internal RetrieverMonitor(IServiceProvider services, string? name)
    {
        GalleryOptions options = services.GetRequiredService<IOptionsMonitor<GalleryOptions>>().Get(name ?? Options.DefaultName);
        RetrievalOptions retrieval = new()
        {
            Strategy = ConfiguredStrategy.Create(options.Strategy, options.Parameters, options.Alpha),
            CaptionWeight = options.CaptionWeight,
            Scoring = options.Scoring,
            MissingCaptions = options.MissingCaptions,
            FoldsOtherCaptionWeights = false,
            MaxIndexes = 8,
        };
        Name = name;
        ReloadInterval = options.Folder is null ? TimeSpan.Zero : options.ReloadInterval;
        Defaults = retrieval;
        WarmsUp = options.WarmUp;
        Encoders = services.GetRequiredKeyedService<ModelEncoders>(options.Model);
        _folder = options.Folder;
        _logger = services.GetService<ILogger<RetrieverMonitor>>() ?? NullLogger<RetrieverMonitor>.Instance;
        _gallery = _folder is not null ? () => Gallery.Open(_folder) : () => services.GetKeyedService<Gallery>(name) ?? throw new InvalidOperationException(
            "No gallery is registered. Name its folder in the configuration (Gallery:Folder), or add UseGallery(gallery).");
        _create = gallery => new ComposedImageRetriever(
            gallery, Encoders.ImageEncoder, Encoders.TextEncoder, retrieval,
            services.GetService<ITargetDescriber>(), services.GetService<ITargetVerifier>(),
            services.GetService<IImageSource>() ?? (gallery.Roots.Count > 0 ? new GalleryPictures(gallery) : null),
            Encoders.ComposedEncoder);
    }

    /// <summary>The gallery's name in the configuration; <see langword="null"/> for the one without.</summary>
    public string? Name { get; }

    /// <summary>The retriever; the first call opens model and gallery, unless the application warmed them up at start.</summary>
    /// <exception cref="InvalidGalleryException">The gallery cannot be opened, or was indexed with another model.</exception>
    public ComposedImageRetriever Current
    {
        get
        {
            if (_current is { } opened)
            {
                return opened;
            }

            lock (_gate)
            {
                return _current ?? Open();
            }
        }
    }

    /// <summary>How queries are scored that do not say it themselves. Not to be changed.</summary>
    public RetrievalOptions Defaults { get; }

    /// <summary>When the gallery was opened, or opened again after an update; <see langword="null"/> before that.</summary>
    public DateTimeOffset? Updated { get; private set; }

    /// <summary>Why the last update could not be opened, so that the gallery before it is still searched; <see langword="null"/> where all is well.</summary>
    public Exception? Failure { get; private set; }

    internal TimeSpan ReloadInterval { get; }

    internal bool WarmsUp { get; }

    internal ModelEncoders Encoders { get; }

    internal string Title => Name ?? _folder ?? "in memory";

    /// <summary>Looks whether another process updated the gallery, and takes the new one if so.</summary>
    /// <returns>Whether there is a new one; <see langword="false"/> also where it cannot be opened, which <see cref="Failure"/> tells.</returns>
    public bool Reload()
    {
        lock (_gate)
        {
            if (_folder is null || _current is not { } current)
            {
                return false;
            }

            try
            {
                byte[] manifest = ReadManifest();
                if (manifest.AsSpan().SequenceEqual(_manifest))
                {
                    Failure = null;
                    return false;
                }

                ComposedImageRetriever opened = _create(_gallery());
                (_current, _manifest, Updated, Failure) = (opened, manifest, DateTimeOffset.UtcNow, null);
                Log.GalleryReloaded(_logger, Title, current.Gallery!.Count, opened.Gallery!.Count);
                return true;
            }
            catch (Exception e) when (e is ZeroShotCirException or IOException or UnauthorizedAccessException)
            {
                if (Failure?.Message != e.Message)
                {
                    Log.ReloadFailed(_logger, e, Title);
                }

                Failure = e;
                return false;
            }
        }
    }

    // The manifest is replaced by each commit, and holds its number: the same bytes are the same gallery.
    private byte[] ReadManifest() => File.ReadAllBytes(Path.Combine(_folder!, "manifest.json"));

    private ComposedImageRetriever Open()
    {
        long start = Stopwatch.GetTimestamp();
        // Read before the gallery is opened: an update between the two is seen as one later.
        byte[] manifest = _folder is null || !File.Exists(Path.Combine(_folder, "manifest.json")) ? [] : ReadManifest();
        ComposedImageRetriever retriever = _create(_gallery());
        Gallery gallery = retriever.Gallery!;
        (_current, _manifest, Updated) = (retriever, manifest, DateTimeOffset.UtcNow);
        Log.GalleryOpened(_logger, Title, gallery.Count, gallery.Dimensions, gallery.CaptionCount, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (gallery.Warning is { } warning)
        {
            Log.GalleryWarning(_logger, Title, warning);
        }

        return retriever;
    }
}
