using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir;

/// <summary>A gallery on disk with the encoders of its model: brought up to date with a folder of images, and searched by image and text.</summary>
/// <remarks>
/// What a first program needs, in one object; <see cref="GalleryBuilder"/> and <see cref="ComposedImageRetriever"/> do the work and have all
/// the choices. Thread-safe: searches go on during an update, in the gallery before it, and updates wait for each other. All methods leave
/// the caller's thread.
/// </remarks>
public sealed class ImageSearch : IDisposable
{
    private readonly IImageEncoder _imageEncoder;
    private readonly ITextEncoder _textEncoder;
    private readonly RetrievalOptions? _options;
    private readonly SemaphoreSlim _updating = new(1, 1);
    private volatile ComposedImageRetriever? _retriever;
    private volatile bool _isDisposed;

    /// <summary>Opens a gallery folder, or prepares a new one.</summary>
    /// <param name="gallery">The gallery folder; may not exist.</param>
    /// <param name="imageEncoder">Encodes images; disposed with this object where it can be.</param>
    /// <param name="textEncoder">Encodes texts; disposed with this object where it can be.</param>
    /// <param name="options">How to score; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidGalleryException">The gallery cannot be opened, or was indexed with another model.</exception>
    public ImageSearch(string gallery, IImageEncoder imageEncoder, ITextEncoder textEncoder, RetrievalOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(gallery);
        ArgumentNullException.ThrowIfNull(imageEncoder);
        ArgumentNullException.ThrowIfNull(textEncoder);
        Folder = gallery;
        _imageEncoder = imageEncoder;
        _textEncoder = textEncoder;
        _options = options?.Copy();
        if (File.Exists(Path.Combine(gallery, GalleryManifest.FileName)))
        {
            _retriever = Retrieve(Gallery.Open(gallery));
        }
    }

    /// <summary>The gallery folder.</summary>
    public string Folder { get; }

    /// <summary>What searches, and its gallery as it is now.</summary>
    /// <exception cref="InvalidOperationException">There is no gallery yet.</exception>
    public ComposedImageRetriever Retriever
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _retriever ?? throw new InvalidOperationException($"There is no gallery in '{Folder}' yet. Call UpdateAsync with a folder of images first.");
        }
    }

    /// <summary>
    /// Brings the gallery up to date with a folder of images and all folders below it: encodes what is new or changed, recognizes what was
    /// renamed, takes out what is gone. What was finished is kept when the work is stopped, and the next call goes on from there.
    /// </summary>
    /// <param name="images">The folder of images.</param>
    /// <param name="progress">Told how many images are done, unchanged ones included.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was done; images that could not be read are in it, and stop nothing.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="GalleryLockedException">Another process is writing to the gallery.</exception>
    /// <exception cref="InvalidGalleryException">The gallery is damaged, or of another model.</exception>
    /// <exception cref="IOException">The gallery cannot be written.</exception>
    public async Task<GalleryBuildResult> UpdateAsync(string images, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(images);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        await _updating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Looking at a folder is long work, too.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            GalleryScan scan = GalleryScan.Read(Folder, [new NamedFolder(images)], cancellationToken: cancellationToken);
            GalleryBuilder builder = new(_imageEncoder, _textEncoder, new GalleryBuilderOptions { RemoveMissing = true });
            GalleryBuildResult built = await builder.BuildAsync(scan, null, progress, cancellationToken).ConfigureAwait(false);
            Gallery gallery = Gallery.Open(Folder);
            if (_retriever is { } searching)
            {
                await searching.ReplaceGalleryAsync(gallery, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _retriever = Retrieve(gallery);
            }

            return built;
        }
        finally
        {
            _updating.Release();
        }
    }

    /// <summary>Searches for images that fit a text, look like an image, or look like an image changed as a text says.</summary>
    /// <param name="text">The text; <see langword="null"/> for an image alone.</param>
    /// <param name="image">The file of the reference image; <see langword="null"/> for a text alone.</param>
    /// <param name="k">How many images to find, at least 1; fewer are found where the gallery has fewer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The images, best first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">There is no gallery yet.</exception>
    /// <exception cref="InvalidQueryException">Neither a text nor an image is given.</exception>
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    public async Task<RetrievalRanking> SearchAsync(string? text = null, string? image = null, int k = 10, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ComposedQuery query = new() { Text = text, Image = image is null ? null : ImageData.FromFile(image) };
        return await Retriever.SearchAsync(query, k, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Searches for whatever a query can say.</summary>
    /// <param name="query">The query.</param>
    /// <param name="k">How many images to find, at least 1; fewer are found where the gallery has fewer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The images, best first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">There is no gallery yet.</exception>
    /// <exception cref="InvalidQueryException">The query is empty, contradicts itself, or gives what its strategy does not read.</exception>
    /// <exception cref="UnknownItemException">An id is not in the gallery.</exception>
    /// <exception cref="InvalidImageException">An image cannot be decoded.</exception>
    public async Task<RetrievalRanking> SearchAsync(ComposedQuery query, int k = 10, CancellationToken cancellationToken = default)
        => await Retriever.SearchAsync(query, k, cancellationToken).ConfigureAwait(false);

    /// <summary>Disposes the encoders, where they can be. Not to be called while somebody searches or updates.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        (_imageEncoder as IDisposable)?.Dispose();
        if (!ReferenceEquals(_imageEncoder, _textEncoder))
        {
            (_textEncoder as IDisposable)?.Dispose();
        }

        _updating.Dispose();
    }

    private ComposedImageRetriever Retrieve(Gallery gallery) => new(gallery, _imageEncoder, _textEncoder, _options);
}
