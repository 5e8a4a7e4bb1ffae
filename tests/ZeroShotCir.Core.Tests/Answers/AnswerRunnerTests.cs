using System.Text;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Answers;

public sealed class AnswerRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string StorePath => _folder.File("captions.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_file_is_the_same_whatever_the_order_of_answers_and_however_often_it_was_interrupted()
    {
        (string Id, string Path)[] images = Images(60);
        ScriptedCaptioner captioner = new(async (number, token) => await Task.Delay(Random.Shared.Next(4), token));
        AnswerRunResult whole;
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            whole = await RunAsync(captioner, store, images, new CaptionOptions { Count = 2 }, null, null, Token);
        }

        Assert.Equal((60, 0, 0, 0), (whole.Answered, whole.Reused, whole.Failed.Count, whole.NotTried));
        Assert.Equal(images.Select(image => image.Id), CaptionFile.Read(StorePath).Keys);

        string other = _folder.File("interrupted.jsonl");
        ScriptedCaptioner second = new(async (number, token) =>
        {
            await Task.Delay(Random.Shared.Next(4), token);
            if (number % 20 == 3)
            {
                throw new InvalidOperationException("killed");
            }
        });
        int runs = 0;
        while (true)
        {
            runs++;
            using AnswerStore store = AnswerStore.Open(other);
            try
            {
                await RunAsync(second, store, images, new CaptionOptions { Count = 2 }, null, null, Token);
                break;
            }
            catch (InvalidOperationException)
            {
            }
        }

        Assert.True(runs > 2);
        Assert.Equal(60, second.Answered);
        Assert.Equal(File.ReadAllBytes(StorePath), File.ReadAllBytes(other));
    }

    [Fact]
    public async Task Failures_are_listed_in_order_and_only_they_are_tried_again()
    {
        (string Id, string Path)[] images = Images(12);
        File.WriteAllBytes(images[4].Path, []);
        File.Delete(images[9].Path);
        using AnswerStore store = AnswerStore.Open(StorePath);
        ScriptedCaptioner captioner = new((number, _) => number == 3 ? throw new InvalidImageException("refused") : Task.CompletedTask);
        List<int> reports = [];

        AnswerRunResult first = await RunAsync(captioner, store, images, null, new AnswerRunnerOptions { MaxConcurrency = 1 }, new Inline(reports.Add), Token);
        Assert.Equal(["image-02", "image-04", "image-09"], first.Failed.Select(failure => failure.Id));
        Assert.Equal((9, 0, 0), (first.Answered, first.Reused, first.NotTried));
        Assert.Equal(Enumerable.Range(1, 12), reports);
        Assert.Equal("image-02", Assert.Single(store.Failures).Id);

        AnswerRunResult second = await RunAsync(captioner, store, images, null, null, null, Token);
        Assert.Equal((1, 9), (second.Answered, second.Reused));
        Assert.Equal(["image-04", "image-09"], second.Failed.Select(failure => failure.Id));
        Assert.Empty(store.Failures);
        Assert.Equal(10, File.ReadAllLines(StorePath).Length);
    }

    [Fact]
    public async Task A_server_that_fails_for_all_is_not_asked_for_all()
    {
        (string Id, string Path)[] images = Images(50);
        File.WriteAllBytes(images[0].Path, []);
        using AnswerStore store = AnswerStore.Open(StorePath);
        ScriptedCaptioner captioner = new((_, _) => throw new Unavailable("down"));

        AnswerRunResult result = await RunAsync(captioner, store, images, null, new AnswerRunnerOptions { MaxConcurrency = 1, MaxFailuresInARow = 5 }, null, Token);

        Assert.Equal(5, captioner.Asked);
        Assert.Equal((6, 44), (result.Failed.Count, result.NotTried));
    }

    [Fact]
    public async Task A_service_that_refuses_everything_ends_a_run_at_once_and_leaves_no_mark()
    {
        (string Id, string Path)[] images = Images(50);
        using AnswerStore store = AnswerStore.Open(StorePath);
        ScriptedCaptioner captioner = new((_, _) => throw new Unavailable("no credit") { IsFinal = true });

        AnswerRunResult result = await RunAsync(captioner, store, images, null, new AnswerRunnerOptions { MaxConcurrency = 1 }, null, Token);

        Assert.Equal((1, 1, 49), (captioner.Asked, result.Failed.Count, result.NotTried));
        Assert.Equal("no credit", result.StoppedBy!.Message);
        Assert.Empty(store.Failures);
    }

    [Fact]
    public async Task Refused_inputs_never_end_a_run()
    {
        (string Id, string Path)[] images = Images(50);
        using AnswerStore store = AnswerStore.Open(StorePath);
        ScriptedCaptioner captioner = new((number, _) => number <= 40 ? throw new Refused("not this one") : Task.CompletedTask);

        AnswerRunResult result = await RunAsync(captioner, store, images, null, null, null, Token);

        Assert.Equal((10, 40, 0), (result.Answered, result.Failed.Count, result.NotTried));
        Assert.Null(result.StoppedBy);
    }

    [Fact]
    public async Task A_second_run_begins_with_what_the_first_did_not_try()
    {
        (string Id, string Path)[] images = Images(40);
        HashSet<string> broken = [.. images.Take(8).Select(image => File.ReadAllText(image.Path))];
        int answered = 0;
        for (int run = 0; run < 2; run++)
        {
            using AnswerStore store = AnswerStore.Open(StorePath);
            PickyCaptioner captioner = new(broken);
            AnswerRunResult result = await RunAsync(captioner, store, images, null, new AnswerRunnerOptions { MaxConcurrency = 1, MaxFailuresInARow = 5 }, null, Token);
            answered += result.Answered;
        }

        Assert.True(answered > 0, "The second run stopped where the first did.");
    }

    [Fact]
    public async Task A_cancelled_run_keeps_what_was_answered()
    {
        (string Id, string Path)[] images = Images(20);
        using CancellationTokenSource stop = new();
        ScriptedCaptioner captioner = new(async (number, token) =>
        {
            if (number == 8)
            {
                await stop.CancelAsync();
            }
        });
        using AnswerStore store = AnswerStore.Open(StorePath);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(captioner, store, images, null, null, null, stop.Token));

        Assert.InRange(captioner.Answered, 8, 11);
        Assert.Equal(captioner.Answered, CaptionFile.Read(StorePath).Count);
    }

    [Fact]
    public void Arranging_puts_one_captioner_last_in_order_and_drops_what_is_obsolete()
    {
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            store.Add(new AnswerRecord("b", "hb", "new", [], "failed"));
            store.Add(new AnswerRecord("b", "hb", "new", ["B"]));
            store.Add(new AnswerRecord("c", "hc", "new", ["C"]));
            store.Add(new AnswerRecord("a", "ha", "new", ["A"]));
            store.Add(new AnswerRecord("a", "ha", "old", ["old A"]));
            store.Arrange(["a", "b", "z"], "new");
            store.Add(new AnswerRecord("z", "hz", "new", ["Z"]));
        }

        Assert.Equal(
            ["C", "old A", "A", "B", "Z"],
            File.ReadAllLines(StorePath).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("captions")[0].GetString()));
        Assert.Equal(["A"], CaptionFile.Read(StorePath)["a"]);

        DateTime written = File.GetLastWriteTimeUtc(StorePath);
        using AnswerStore again = AnswerStore.Open(StorePath);
        again.Arrange(["a", "b", "z"], "new");
        Assert.Equal(written, File.GetLastWriteTimeUtc(StorePath));
        Assert.False(File.Exists(StorePath + ".tmp"));
    }

    [Fact]
    public async Task A_question_that_cannot_be_made_fails_alone()
    {
        (string Id, string Path)[] images = Images(2);
        File.AppendAllText(images[1].Path, "more");
        using AnswerStore store = AnswerStore.Open(StorePath);
        long most = new FileInfo(images[0].Path).Length;

        AnswerRunResult run = await new AnswerRunner<ImageData>(new StoredCaptioner(new ScriptedCaptioner((_, _) => Task.CompletedTask), store).Answers())
            .RunAsync([.. images.Select(image => image.Id)], index => ImageData.FromFile(images[index].Path, most), null, Token);

        Assert.Equal(1, run.Answered);
        Assert.Equal([images[1].Id], run.Failed.Select(failure => failure.Id));
    }

    private static Task<AnswerRunResult> RunAsync(
        IImageCaptioner captioner,
        AnswerStore store,
        (string Id, string Path)[] images,
        CaptionOptions? asked,
        AnswerRunnerOptions? options,
        IProgress<int>? progress,
        CancellationToken token)
        => new AnswerRunner<ImageData>(new StoredCaptioner(captioner, store).Answers(asked), options)
            .RunAsync([.. images.Select(image => image.Id)], index => ImageData.FromFile(images[index].Path), progress, token);

    private (string Id, string Path)[] Images(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        string id = $"image-{i:00}";
        string path = _folder.File(id);
        File.WriteAllText(path, $"content of {i}");
        return (id, path);
    })];

    private sealed class Inline(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    private sealed class Unavailable(string message) : ServiceUnavailableException(message);

    private sealed class Refused(string message) : InputRefusedException(message);

    private sealed class PickyCaptioner(HashSet<string> broken) : IImageCaptioner
    {
        public string CaptionerId => "picky";

        public ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
            => broken.Contains(Encoding.UTF8.GetString(image.Data.Span))
                ? throw new Unavailable("status 500")
                : ValueTask.FromResult<IReadOnlyList<string>>(["a"]);
    }

    private sealed class ScriptedCaptioner(Func<int, CancellationToken, Task> before) : IImageCaptioner
    {
        private int _asked;
        private int _answered;

        public string CaptionerId => "scripted";

        public int Asked => _asked;

        public int Answered => _answered;

        public async ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
        {
            await before(Interlocked.Increment(ref _asked), cancellationToken);
            Interlocked.Increment(ref _answered);
            return [.. Enumerable.Range(0, options?.Count ?? 1).Select(i => $"{i} {Encoding.UTF8.GetString(image.Data.Span)}")];
        }
    }
}
