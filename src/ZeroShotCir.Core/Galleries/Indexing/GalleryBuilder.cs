using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>
/// Brings a gallery folder up to date with image files: encodes new and changed ones, skips the others, and goes on where it stopped.
/// </summary>
/// <remarks>
/// <para>
/// A bounded pipeline: while one batch of images is encoded, the next ones are read and hashed and the one before is written. Nothing runs
/// ahead of the disk by more than <see cref="GalleryBuilderOptions.MaxConcurrency"/> batches. Images are stored in the order given, whatever
/// the order in which batches finish.
/// </para>
/// <para>
/// An image is unchanged if size and times of its file are those the gallery remembers (the time of the last change, which programs cannot
/// set, is one of them), or else if its bytes have the SHA-256 the gallery remembers. Bytes that the gallery has under another id are
/// not encoded again. An image that cannot be used is reported, loses its id and never stops the others. What is finished is committed every few seconds, and
/// once more when the run is canceled or fails; a kill loses what was not committed, and the next run does that again.
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
        _options = options is null ? new GalleryBuilderOptions() : new GalleryBuilderOptions(options);
    }

    /// <summary>Where changes of the disk go; tests let them fail.</summary>
    internal GalleryStorage Disk { get; init; } = GalleryStorage.Disk;

    /// <summary>Brings a gallery up to date with image files.</summary>
    /// <param name="folder">The gallery folder; may not exist.</param>
    /// <param name="sources">The images. Their files are read when their turn comes.</param>
    /// <param name="progress">Told how many are done, unchanged and failed ones included.</param>
    /// <param name="cancellationToken">Stops the work; what was finished is committed.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentException">An image has captions and there is no text encoder.</exception>
    /// <exception cref="GalleryLockedException">Somebody else is writing to the folder.</exception>
    /// <exception cref="InvalidGalleryException">Two images have one id, or the folder holds a gallery of another model or a damaged one.</exception>
    /// <exception cref="IOException">The folder cannot be written: the disk is full, fails, or may not be written to; what was committed is there.</exception>
    public async Task<GalleryBuildResult> BuildAsync(
        string folder, IReadOnlyList<GallerySource> sources, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(sources);
        ThrowIfAmbiguous(sources);
        ThrowIfNobodyEncodesCaptions(sources);
        cancellationToken.ThrowIfCancellationRequested();
        // A build is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using GalleryWriter writer = Open(folder);
        return await BuildAsync(folder, writer, new BuildPlan(sources, writer.Committed, _ => true), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Brings a gallery up to date with folders: new, changed, renamed, moved, missing and spoilt images.</summary>
    /// <param name="scan">What lies in the folders, looked at for the gallery that is to be built.</param>
    /// <param name="captions">The captions of images by their ids; others keep those they have. <see langword="null"/> where there are no new ones.</param>
    /// <param name="progress">Told how many are done, unchanged and failed ones included.</param>
    /// <param name="cancellationToken">Stops the work; what was finished is committed.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentException">An image has captions and there is no text encoder.</exception>
    /// <exception cref="GalleryLockedException">Somebody else is writing to the folder.</exception>
    /// <exception cref="InvalidGalleryException">The folder holds a gallery of another model or a damaged one, or it has changed since the folders were looked at.</exception>
    /// <exception cref="IOException">The folder cannot be written: the disk is full, fails, or may not be written to; what was committed is there.</exception>
    public async Task<GalleryBuildResult> BuildAsync(
        GalleryScan scan, IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scan);
        IReadOnlyList<GallerySource> sources = captions is null ? scan.Images : [.. scan.Images.Select(image => image with { Captions = captions.GetValueOrDefault(image.Id) })];
        ThrowIfNobodyEncodesCaptions(sources);
        cancellationToken.ThrowIfCancellationRequested();
        // A build is long work: it leaves the caller's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using GalleryWriter writer = Open(scan.Gallery);
        if (writer.Committed.Generation != scan.Generation)
        {
            throw new InvalidGalleryException($"The gallery '{scan.Gallery}' was changed by somebody else since the folders were looked at. Look at them again.");
        }

        if (_options.Rebuild && scan.Roots.FirstOrDefault(root => !Directory.Exists(root.Path)) is { } away)
        {
            throw new InvalidGalleryException(
                $"The folder '{away.Path}' of the gallery is not there: encoding everything again would lose its pictures. "
                + "Give its new place first, or make a new gallery.");
        }

        BuildPlan plan = new(sources, writer.Committed, _options.Rebuild ? _ => true : scan.IsMissing);
        writer.SetRoots(scan.Roots);
        return await BuildAsync(scan.Gallery, writer, plan, progress, cancellationToken).ConfigureAwait(false);
    }

    private GalleryWriter Open(string folder)
        => GalleryWriter.Open(folder, GalleryModel.FromEncoders(_imageEncoder, _textEncoder), _options.Storage, Disk, _options.Rebuild);

    private async Task<GalleryBuildResult> BuildAsync(string folder, GalleryWriter writer, BuildPlan plan, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        string reader = $"{typeof(GalleryBuilder).Assembly.GetName().Version} {_imageEncoder.Info.ModelId} {_imageEncoder.Info.Reading?.Decoder}".TrimEnd();
        UnusableFiles unusable = UnusableFiles.Read(folder, reader);
        BuildKnowledge knowledge = new(writer.Committed, unusable, _options);
        GalleryBuild build = new(writer, plan, knowledge, new BuildEncoder(knowledge, _imageEncoder, _textEncoder), _options, progress);
        await build.StoreAsync(cancellationToken).ConfigureAwait(false);
        GalleryBuildResult result = build.Finish();
        if (unusable.ToJson(build.Spoilt, plan.IsWanted) is { } remembered)
        {
            writer.WriteBeside(UnusableFiles.FileName, remembered);
        }

        return result;
    }

    private static void ThrowIfAmbiguous(IReadOnlyList<GallerySource> sources)
    {
        Dictionary<string, string> paths = new(sources.Count, StringComparer.Ordinal);
        foreach (GallerySource source in sources)
        {
            if (!paths.TryAdd(source.Id, source.Path))
            {
                throw new InvalidGalleryException($"'{paths[source.Id]}' and '{source.Path}' both have the id '{source.Id}'. Give every image its own.");
            }
        }
    }

    private void ThrowIfNobodyEncodesCaptions(IReadOnlyList<GallerySource> sources)
    {
        if (_textEncoder is null && sources.FirstOrDefault(source => source.Captions is { Count: > 0 }) is { } captioned)
        {
            throw new ArgumentException($"The image '{captioned.Id}' has captions, but the builder was made without a text encoder.", nameof(sources));
        }
    }
}
