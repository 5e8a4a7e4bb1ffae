using ZeroShotCir.Imaging;

namespace ZeroShotCir.Captions;

/// <summary>Captions many images, several at a time, into a store; running it again goes on where it stopped, however it stopped.</summary>
/// <remarks>
/// Every answer is on the disk before its place is given to the next image, so a kill loses at most
/// <see cref="CaptionRunnerOptions.Concurrency"/> answers. A finished run leaves the store in the order of the images, whatever the order
/// of the answers was. Not for concurrent use.
/// </remarks>
public sealed class CaptionRunner
{
    private readonly StoredCaptioner _captioner;
    private readonly CaptionRunnerOptions _options;

    /// <summary>Creates a runner.</summary>
    /// <param name="captioner">The captioner and its store.</param>
    /// <param name="options">How to run; <see langword="null"/> for the defaults.</param>
    public CaptionRunner(StoredCaptioner captioner, CaptionRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(captioner);
        _captioner = captioner;
        _options = options ?? new CaptionRunnerOptions();
    }

    /// <summary>Captions image files.</summary>
    /// <param name="images">The ids, unique, and the paths of their files, which are read when their turn comes.</param>
    /// <param name="captions">What is asked for; <see langword="null"/> asks for one caption.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops asking; what was answered is stored.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="IOException">
    /// An answer could not be stored, also not after what was under way had ended: the disk is full. Nothing more was asked then.
    /// </exception>
    public async Task<CaptionRunResult> RunAsync(
        IReadOnlyList<(string Id, string Path)> images, CaptionOptions? captions = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        (int captioned, int reused) = (_captioner.Captioned, _captioner.Reused);
        StoredBatch batch = new(_captioner.Store, _options);
        string[] ids = [.. images.Select(image => image.Id)];
        string key = StoredCaptioner.KeyOf(_captioner, captions);
        StoredBatch.Outcome outcome = await batch.RunAsync(
            ids,
            key,
            async (index, token) => await _captioner.CaptionAsync(images[index].Id, ImageData.FromFile(images[index].Path, _options.MaxImageBytes), captions, token).ConfigureAwait(false),
            progress,
            cancellationToken).ConfigureAwait(false);
        _captioner.Store.Arrange(ids, key);
        return new CaptionRunResult(_captioner.Captioned - captioned, _captioner.Reused - reused, outcome.Failed, outcome.NotTried, outcome.StoppedBy);
    }
}
