using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries;

/// <summary>
/// Brings a gallery folder up to date with image files: encodes new and changed ones, skips the others, and goes on where it stopped.
/// </summary>
/// <remarks>
/// <para>
/// A bounded pipeline: while one batch of images is encoded, the next ones are read and hashed and the one before is written. Nothing runs
/// ahead of the disk by more than <see cref="GalleryBuilderOptions.Concurrency"/> batches. Images are stored in the order given, whatever
/// the order in which batches finish.
/// </para>
/// <para>
/// An image is unchanged if size and time of its file are those the gallery remembers, or else if its bytes have the SHA-256 the gallery
/// remembers. An image that cannot be used is reported and never stops the others. What is finished is committed every few seconds, and
/// once more when the run is cancelled or fails; a kill loses what was not committed, and the next run does that again.
/// </para>
/// <para>Not for concurrent use.</para>
/// </remarks>
public sealed class GalleryBuilder
{
    private readonly IImageEncoder _imageEncoder;
    private readonly ITextEncoder? _textEncoder;
    private readonly GalleryBuilderOptions _options;

    /// <summary>Creates a builder.</summary>
    /// <param name="imageEncoder">Encodes the images.</param>
    /// <param name="textEncoder">Encodes the captions; <see langword="null"/> where no image has any.</param>
    /// <param name="options">How to work; <see langword="null"/> for the defaults.</param>
    public GalleryBuilder(IImageEncoder imageEncoder, ITextEncoder? textEncoder = null, GalleryBuilderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(imageEncoder);
        _imageEncoder = imageEncoder;
        _textEncoder = textEncoder;
        _options = options ?? new GalleryBuilderOptions();
    }

    /// <summary>Brings a folder up to date.</summary>
    /// <param name="folder">The gallery folder; may not exist.</param>
    /// <param name="sources">The images. Their files are read when their turn comes.</param>
    /// <param name="progress">Told how many are done, unchanged and failed ones included.</param>
    /// <param name="cancellationToken">Stops the work; what was finished is committed.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentException">An image has captions and there is no text encoder.</exception>
    /// <exception cref="GalleryLockedException">Somebody else is writing to the folder.</exception>
    /// <exception cref="InvalidGalleryException">Two images have one id, or the folder holds a gallery of another model or a damaged one.</exception>
    /// <exception cref="IOException">The disk is full or fails; what was committed is there.</exception>
    public async Task<GalleryBuildResult> BuildAsync(
        string folder, IReadOnlyList<GallerySource> sources, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(sources);
        HashSet<string> ids = Check(sources);
        cancellationToken.ThrowIfCancellationRequested();
        using GalleryWriter writer = GalleryWriter.Open(folder, GalleryModel.Of(_imageEncoder, _textEncoder), _options.Storage);
        GalleryBuild build = new(writer, new BuildEncoder(writer.Committed, _imageEncoder, _textEncoder), _options, progress);
        await build.StoreAsync(sources, cancellationToken).ConfigureAwait(false);
        return build.Finish(ids);
    }

    private HashSet<string> Check(IReadOnlyList<GallerySource> sources)
    {
        Dictionary<string, string> paths = new(sources.Count, StringComparer.Ordinal);
        foreach (GallerySource source in sources)
        {
            if (!paths.TryAdd(source.Id, source.Path))
            {
                throw new InvalidGalleryException($"'{paths[source.Id]}' and '{source.Path}' both have the id '{source.Id}'. Give every image its own.");
            }

            if (source.Captions is { Count: > 0 } && _textEncoder is null)
            {
                throw new ArgumentException($"The image '{source.Id}' has captions, but the builder was made without a text encoder.", nameof(sources));
            }
        }

        return [.. paths.Keys];
    }
}
