using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ZeroShotCir.Extensions.Hosting.Configuration;
using ZeroShotCir.Extensions.Hosting.Logging;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Extensions.Hosting.Serving;

/// <summary>
/// The retriever of a gallery as it is now: another one after another process updated the gallery's folder, or folded the store that is
/// searched for another weight of captions.
/// </summary>
/// <remarks>
/// Serves concurrent callers. A search goes on with the retriever that it began with. Services that live long ask for
/// <see cref="Current"/> each time; a <see cref="ComposedImageRetriever"/> or <see cref="Galleries.Gallery"/> that is injected is the one of that moment.
/// </remarks>
public sealed class RetrieverMonitor : IDisposable
{
    private readonly RetrieverSource _source;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile OpenedRetriever? _opened;

    internal RetrieverMonitor(IServiceProvider services, string? name)
    {
        GalleryOptions options = services.GetRequiredService<IOptionsMonitor<GalleryOptions>>().Get(name ?? Options.DefaultName);
        _source = new RetrieverSource(services, name);
        _logger = services.GetService<ILogger<RetrieverMonitor>>() ?? NullLogger<RetrieverMonitor>.Instance;
        Name = name;
        ReloadInterval = _source.CanChange ? options.ReloadInterval : TimeSpan.Zero;
        WarmsUp = options.WarmUp;
    }

    /// <summary>The gallery's name in the configuration; <see langword="null"/> for the one without.</summary>
    public string? Name { get; }

    /// <summary>The retriever; the first call opens model and gallery, or asks the store what it holds, unless the application warmed them up at start.</summary>
    /// <exception cref="InvalidGalleryException">The gallery cannot be opened, or was indexed with another model; or the store holds none.</exception>
    public ComposedImageRetriever Current => Opened.Retriever;

    /// <summary>
    /// The gallery that is searched. Where a store is searched: the gallery that it was pushed from, whose pictures and folders are shown,
    /// or <see langword="null"/> where none was named.
    /// </summary>
    /// <exception cref="InvalidGalleryException">As <see cref="Current"/>.</exception>
    public Gallery? Gallery => Opened.Gallery;

    /// <summary>The store that is searched; <see langword="null"/> where the gallery itself is.</summary>
    /// <exception cref="InvalidGalleryException">As <see cref="Current"/>.</exception>
    public IGalleryStore? Store => Opened.Store;

    /// <summary>How queries are scored that do not say it themselves. Not to be changed.</summary>
    public RetrievalOptions Defaults => _opened?.Defaults ?? _source.Defaults;

    /// <summary>When the gallery was opened, or opened again after an update; <see langword="null"/> before that.</summary>
    public DateTimeOffset? Updated => _opened?.Time;

    /// <summary>
    /// Why the last update could not be opened, or the store did not say what it holds, so that what was opened before is still searched;
    /// <see langword="null"/> where all is well.
    /// </summary>
    public Exception? Failure { get; private set; }

    // Opening a gallery is work on a disk that its first caller has always waited for; of a store it is one question.
    internal OpenedRetriever Opened => _opened ?? OpenAsync(CancellationToken.None).GetAwaiter().GetResult();

    internal TimeSpan ReloadInterval { get; }

    internal bool WarmsUp { get; }

    internal ModelEncoders Encoders => _source.Encoders;

    internal string Title => _source.Title;

    /// <summary>Looks whether another process updated the gallery or the store, and takes the new one if so.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Whether there is a new one; <see langword="false"/> also where it cannot be opened, which <see cref="Failure"/> tells.</returns>
    public async Task<bool> ReloadAsync(CancellationToken cancellationToken = default)
    {
        if (!_source.CanChange || _opened is null)
        {
            return false;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            OpenedRetriever before = _opened;
            if (await _source.ReadMarkAsync(cancellationToken).ConfigureAwait(false) == before.Mark)
            {
                Failure = null;
                return false;
            }

            OpenedRetriever opened = await _source.OpenAsync(cancellationToken).ConfigureAwait(false);
            (_opened, Failure) = (opened, null);
            Log.GalleryReloaded(_logger, Title, before.Count, opened.Count);
            return true;
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            if (Failure?.Message != e.Message)
            {
                Log.ReloadFailed(_logger, e, Title);
            }

            Failure = e;
            return false;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Opens what <see cref="Current"/> gives, unless it is open already.</summary>
    internal async Task<OpenedRetriever> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_opened is { } open)
            {
                return open;
            }

            long start = Stopwatch.GetTimestamp();
            OpenedRetriever opened = await _source.OpenAsync(cancellationToken).ConfigureAwait(false);
            _opened = opened;
            long milliseconds = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (opened.Description is { } store)
            {
                Log.StoreOpened(_logger, Title, opened.Count, store.Dimensions, store.Beta, milliseconds);
            }
            else
            {
                Log.GalleryOpened(_logger, Title, opened.Gallery!.Count, opened.Gallery.Dimensions, opened.Gallery.CaptionCount, milliseconds);
            }

            if (opened.Gallery?.Warning is { } warning)
            {
                Log.GalleryWarning(_logger, Title, warning);
            }

            return opened;
        }
        finally
        {
            _gate.Release();
        }
    }
}
