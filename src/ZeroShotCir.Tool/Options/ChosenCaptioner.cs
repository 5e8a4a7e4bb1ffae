using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tool.Options;

/// <summary>A captioner, what it owns, and how it is best asked.</summary>
internal sealed class ChosenCaptioner(IImageCaptioner captioner, int concurrency, long maxImageBytes, Func<ChatUsage> usage, IDisposable owned) : IDisposable
{
    public string Id => captioner.CaptionerId;

    public ChatUsage Usage => usage();

    /// <summary>The name under which a store keeps its answers.</summary>
    public string KeyOf(CaptionOptions asked) => StoredCaptioner.KeyOf(captioner, asked);

    /// <summary>Captions pictures into a store, several at a time.</summary>
    public Task<AnswerRunResult> RunAsync(
        AnswerStore store, IReadOnlyList<(string Id, string Path)> images, CaptionOptions asked, IProgress<int> progress, CancellationToken cancellationToken)
    {
        AnswerRunner<ImageData> runner = new(new StoredCaptioner(captioner, store).Answers(asked), new AnswerRunnerOptions { MaxConcurrency = concurrency });
        return runner.RunAsync([.. images.Select(image => image.Id)], index => ImageData.FromFile(images[index].Path, maxImageBytes), progress, cancellationToken);
    }

    public void Dispose() => owned.Dispose();
}
