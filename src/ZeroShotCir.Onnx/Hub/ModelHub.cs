using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Hub;

/// <summary>Downloads models from a Hugging Face–compatible hub into the cache that the Python library <c>huggingface_hub</c> uses.</summary>
/// <remarks>
/// Only the files that are needed are fetched; an interrupted download goes on where it stopped; a file gets its name only after its
/// checksum was right; several processes may ask for the same model at once. Serves concurrent callers.
/// </remarks>
public sealed class ModelHub : IDisposable
{
    private readonly ModelHubOptions _options;
    private readonly HttpClient _http;
    private volatile bool _isDisposed;

    /// <summary>Creates the hub.</summary>
    /// <param name="options">Where models come from and go to; <see langword="null"/> for <see cref="ModelHubOptions.FromEnvironment"/>.</param>
    /// <param name="handler">
    /// Sends the requests, for proxies and tests; must neither follow redirects nor decompress. Stays the caller's to dispose.
    /// </param>
    public ModelHub(ModelHubOptions? options = null, HttpMessageHandler? handler = null)
    {
        _options = options is null ? ModelHubOptions.FromEnvironment() : new ModelHubOptions(options);
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: handler is null)
        {
            // Silence is what counts, not the length of a download.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Makes a model available in the cache and says where it is.</summary>
    /// <param name="request">Which model.</param>
    /// <param name="progress">Is told how far each file is.</param>
    /// <param name="cancellationToken">Stops the download; what was received is kept for the next call.</param>
    /// <returns>The model folder, complete.</returns>
    /// <exception cref="ArgumentException">The repository, revision or variant is not one.</exception>
    /// <exception cref="ObjectDisposedException">The hub was disposed, before or meanwhile; what was received is kept.</exception>
    /// <exception cref="ModelHubException">The model cannot be had.</exception>
    /// <exception cref="InvalidModelException">The model's description is of an unknown family, or a graph is not ONNX.</exception>
    public async Task<ModelDownload> DownloadAsync(
        ModelRequest request, IProgress<ModelDownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        HubName.ThrowIfInvalid(request);
        HubCache cache = new(_options.CacheFolder, request.Repository);
        return await GuardAsync(() => _options.Offline
            ? FindInCacheAsync(request, cache, cancellationToken)
            : FetchAsync(request, cache, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks what <see cref="DownloadAsync"/> would bring: its size and its license. Only the small file that describes the model is downloaded.</summary>
    /// <param name="request">Which model.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <returns>What the hub offers.</returns>
    /// <exception cref="ArgumentException">The repository, revision or variant is not one.</exception>
    /// <exception cref="ObjectDisposedException">The hub was disposed, before or meanwhile.</exception>
    /// <exception cref="ModelHubException">The hub cannot be asked, or the model cannot be had.</exception>
    /// <exception cref="InvalidModelException">The model's description is of an unknown family.</exception>
    public async Task<ModelOffer> DescribeAsync(ModelRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        HubName.ThrowIfInvalid(request);
        return _options.Offline
            ? throw new ModelHubException($"The hub may not be asked for '{request.Repository}': HF_HUB_OFFLINE is set.") { Failure = ModelHubFailure.Unavailable }
            : await GuardAsync(() => OfferAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _http.Dispose();
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (_isDisposed && (e is ObjectDisposedException or OperationCanceledException or ModelHubException) && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(GetType().FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelHubException(
                $"The cache '{_options.CacheFolder}' cannot be used: {e.Message} Free some space or point HF_HUB_CACHE elsewhere; what was downloaded is kept.", e)
            {
                Failure = ModelHubFailure.Storage,
            };
        }
    }

    private async Task<ModelDownload> FetchAsync(
        ModelRequest request, HubCache cache, IProgress<ModelDownloadProgress>? progress, CancellationToken cancellationToken)
    {
        HubClient client = new(_http, _options, request.Repository);
        HubBlobDownload download = new(client, cache, _options);
        HubListing listing = await client.ListAsync(request.Revision, cancellationToken).ConfigureAwait(false);
        string commit = listing.Commit;
        long bytes = 0;
        IReadOnlyList<string> files = await CollectAsync(request, cache.SnapshotFolder(commit), listing.Files, async (name, done, count) =>
        {
            HubFile file = await client.DescribeAsync(commit, name, cancellationToken).ConfigureAwait(false);
            ModelDownloadProgress state = new(name, 0, file.Length, done, count);
            bytes += await download.RunAsync(commit, file, there => progress?.Report(state with { FileBytes = there }), cancellationToken).ConfigureAwait(false);
            cache.Link(commit, file);
            progress?.Report(new ModelDownloadProgress(name, file.Length, file.Length, done + 1, count));
        }).ConfigureAwait(false);
        // Last, so that a revision names only snapshots that are complete.
        cache.WriteRef(request.Revision, commit);
        return new ModelDownload(cache.SnapshotFolder(commit), commit, files, bytes);
    }

    private async Task<ModelOffer> OfferAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        HubClient client = new(_http, _options, request.Repository);
        HubCache cache = new(_options.CacheFolder, request.Repository);
        HubListing listing = await client.ListAsync(request.Revision, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> names = request.Files is { } named ? HubFileSelection.Named(request, named, listing.Files) : await SelectAsync().ConfigureAwait(false);
        List<HubFile> files = [];
        foreach (string name in names)
        {
            files.Add(await client.DescribeAsync(listing.Commit, name, cancellationToken).ConfigureAwait(false));
        }

        return new ModelOffer(request.Repository, listing, files, [.. files.Where(file => !File.Exists(cache.SnapshotPath(listing.Commit, file.Name)))]);

        async Task<IReadOnlyList<string>> SelectAsync()
        {
            HubFile description = await client.DescribeAsync(listing.Commit, HubFileSelection.Description(request, listing.Files), cancellationToken).ConfigureAwait(false);
            await new HubBlobDownload(client, cache, _options).RunAsync(listing.Commit, description, _ => { }, cancellationToken).ConfigureAwait(false);
            cache.Link(listing.Commit, description);
            IReadOnlyList<string> selected = HubFileSelection.Select(request, cache.SnapshotFolder(listing.Commit), listing.Files);
            // A graph names its weights itself, once it is there; exporters name them after it.
            return [.. listing.Files.Where(file => selected.Contains(file) || selected.Any(graph => graph.EndsWith(".onnx", StringComparison.Ordinal)
                && (file.StartsWith(graph + "_data", StringComparison.Ordinal) || file == graph + ".data")))];
        }
    }

    private async Task<ModelDownload> FindInCacheAsync(ModelRequest request, HubCache cache, CancellationToken cancellationToken)
    {
        string commit = cache.FindCommit(request.Revision) ?? throw NotCached(request, "is not in the cache", null);
        try
        {
            IReadOnlyList<string> files = await CollectAsync(
                request, cache.SnapshotFolder(commit), cache.Files(commit), (name, _, _) => CheckAsync(cache, commit, name, cancellationToken)).ConfigureAwait(false);
            return new ModelDownload(cache.SnapshotFolder(commit), commit, files, 0);
        }
        catch (ModelHubException e) when (e.Failure == ModelHubFailure.MissingFiles)
        {
            throw NotCached(request, $"is not complete in the cache: {e.Message}", e);
        }
    }

    /// <summary>Brings file after file: the description first, what follows from it next, and the weights that a graph names after the graph.</summary>
    private static async Task<IReadOnlyList<string>> CollectAsync(
        ModelRequest request, string folder, IReadOnlyList<string> present, Func<string, int, int, Task> bring)
    {
        bool byName = request.Files is not null;
        List<string> files = [.. byName ? HubFileSelection.Named(request, request.Files!, present) : [HubFileSelection.Description(request, present)]];
        for (int i = 0; i < files.Count; i++)
        {
            await bring(files[i], i, files.Count).ConfigureAwait(false);
            IReadOnlyList<string> more = i == 0 && !byName ? HubFileSelection.Select(request, folder, present) : Weights(request, folder, files[i], present);
            files.AddRange(more.Where(name => !files.Contains(name)));
        }

        return files;
    }

    private static IReadOnlyList<string> Weights(ModelRequest request, string folder, string file, IReadOnlyList<string> present)
        => file.EndsWith(".onnx", StringComparison.Ordinal)
            ? HubFileSelection.Named(request, [.. OnnxGraphFile.Parse(Path.Combine(folder, file)).Weights.Select(name => file[..(file.LastIndexOf('/') + 1)] + name)], present)
            : [];

    private static async Task CheckAsync(HubCache cache, string commit, string file, CancellationToken cancellationToken)
    {
        string path = cache.SnapshotPath(commit, file);
        if (cache.ExpectedETag(commit, file) is { } etag
            && !await BlobChecksum.MatchesAsync(path, etag, null, cancellationToken).ConfigureAwait(false))
        {
            throw new ModelHubException($"The cached file '{path}' was refused: its bytes do not have the checksum {etag}. Download it again with HF_HUB_OFFLINE unset.")
            {
                Failure = ModelHubFailure.Corrupt,
            };
        }
    }

    private ModelHubException NotCached(ModelRequest request, string what, Exception? cause)
        => new($"The model '{request.Repository}' at '{request.Revision}' {what} (cache '{_options.CacheFolder}'), and downloads are turned off. Unset HF_HUB_OFFLINE once.", cause)
        {
            Failure = ModelHubFailure.Offline,
        };
}
