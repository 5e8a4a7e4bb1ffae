using System.Text;
using ZeroShotCir.Answers;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Captions;

public sealed class CaptionStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder.File("captions.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_that_kept_nothing_leaves_nothing()
    {
        AnswerStore.Open(StorePath).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));

        // What was there before stays, and so does a failure.
        File.WriteAllBytes(StorePath, []);
        AnswerStore.Open(StorePath).Dispose();
        Assert.True(File.Exists(StorePath));
        string other = _folder.File("other.jsonl");
        using (AnswerStore store = AnswerStore.Open(other))
        {
            store.Add(new AnswerRecord("a", "content", "captioner", [], "refused"));
            store.Dispose();
        }

        Assert.True(new FileInfo(other).Length > 0);
    }

    /// <summary>What is long is left in the file: it must be found there whatever was written, torn off, superseded or brought into another order since.</summary>
    [Fact]
    public void Long_answers_are_read_where_they_are_and_not_kept_in_memory()
    {
        // One is longer than what is read at once.
        const int Count = 60;
        string[] texts = [.. Enumerable.Range(0, Count).Select(i => $"{i} {new string((char)('a' + (i % 26)), i == 40 ? 300_000 : 20_000)}")];
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            store.Add(new AnswerRecord("short", "short", "blip", ["a dress"]));
            store.AddAll([.. texts[..30].Select((text, i) => new AnswerRecord($"h{i}", $"h{i}", "rows", [text, "end"]))]);
            store.AddAll([.. texts[30..].Select((text, i) => new AnswerRecord($"h{30 + i}", $"h{30 + i}", "rows", [text, "end"]))]);
            store.Add(new AnswerRecord("h0", "h0", "rows", [texts[0], "end"]));
            AssertAll(store);
        }

        File.AppendAllText(StorePath, $$"""{"id":"torn","captions":["{{new string('x', 3000)}}""");
        using AnswerStore again = AnswerStore.Open(StorePath);
        AssertAll(again);

        // What was kept in memory would be the same object each time.
        Assert.Same(Got("short", "blip"), Got("short", "blip"));
        Assert.NotSame(Got("h1", "rows"), Got("h1", "rows"));

        // The first becomes obsolete, the others change places.
        again.Add(new AnswerRecord("h0", "other", "rows", [texts[0] + "!"]));
        IReadOnlyDictionary<string, IReadOnlyList<string>> got = again.TextsOf("rows");
        again.Arrange([.. Enumerable.Range(0, Count).Reverse().Select(i => $"h{i}")], "rows");
        again.Add(new AnswerRecord("last", "last", "rows", [texts[1]]));
        Assert.True(again.TryGet("other", "rows", out IReadOnlyList<string>? changed));
        Assert.Equal([texts[0] + "!"], changed);
        AssertAll(again, from: 1);
        again.Dispose();
        Assert.Equal([texts[7], "end"], got["h7"]);
        IReadOnlyDictionary<string, IReadOnlyList<string>> read = CaptionFile.Read(StorePath);
        Assert.Equal(Count + 2, read.Count);
        Assert.All(Enumerable.Range(1, Count - 1), i => Assert.Equal(texts[i], read[$"h{i}"][0]));

        IReadOnlyList<string> Got(string content, string answerer) => again.TryGet(content, answerer, out IReadOnlyList<string>? found) ? found : [];

        void AssertAll(AnswerStore store, int from = 0) => Assert.All(Enumerable.Range(from, Count - from), i =>
        {
            Assert.True(store.TryGet($"h{i}", "rows", out IReadOnlyList<string>? found));
            Assert.Equal([texts[i], "end"], found);
        });
    }

    [Fact]
    public void Captions_are_found_again_by_image_and_captioner()
    {
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            store.Add(new AnswerRecord("a.png", "h1", "blip", ["a dress", "ein \"Kleid\" für\nÄlla"]));
            store.Add(new AnswerRecord("a.png", "h1", "gpt", ["another"]));
            store.Add(new AnswerRecord("b.png", "h2", "blip", [], "refused"));
        }

        using AnswerStore reopened = AnswerStore.Open(StorePath);
        Assert.Equal(2, reopened.Count);
        Assert.True(reopened.TryGet("h1", "blip", out IReadOnlyList<string>? captions));
        Assert.Equal(["a dress", "ein \"Kleid\" für\nÄlla"], captions);
        Assert.False(reopened.TryGet("h2", "blip", out _));
        Assert.False(reopened.TryGet("h1", "other", out _));
        Assert.Equal("refused", Assert.Single(reopened.Failures).Error);
        reopened.Add(new AnswerRecord("b.png", "h2", "blip", ["at last"]));
        Assert.Empty(reopened.Failures);
    }

    [Fact]
    public void Whatever_a_kill_tears_off_the_end_the_lines_before_are_kept_and_writing_goes_on()
    {
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            for (int i = 0; i < 3; i++)
            {
                store.Add(new AnswerRecord($"{i}", $"hash-{i}", "c", [$"caption {i} ü"]));
            }
        }

        byte[] whole = File.ReadAllBytes(StorePath);
        for (int length = 0; length <= whole.Length; length++)
        {
            string path = _folder.File("torn.jsonl");
            File.WriteAllBytes(path, whole[..length]);
            int lines = whole[..length].Count(b => b == '\n');
            bool lacksOnlyItsEnd = length < whole.Length && whole[length] == '\n';
            using (AnswerStore store = AnswerStore.Open(path))
            {
                Assert.Equal(lines + (lacksOnlyItsEnd ? 1 : 0), store.Count);
                store.Add(new AnswerRecord("new", "hash-new", "c", ["new"]));
            }

            using AnswerStore again = AnswerStore.Open(path);
            Assert.True(again.TryGet("hash-new", "c", out _));
            Assert.Equal(lines + (lacksOnlyItsEnd ? 2 : 1), again.Count);
            Assert.Equal(again.Count, CaptionFile.Read(path).Count);
        }
    }

    [Fact]
    public void Only_somebody_who_has_the_file_is_told_as_such()
    {
        using (AnswerStore.Open(StorePath))
        {
            Assert.Contains("being written", Assert.Throws<InvalidAnswerStoreException>(() => AnswerStore.Open(StorePath)).Message, StringComparison.Ordinal);
        }

        // Something else keeps the lock from being opened: a folder of its name.
        File.Delete(StorePath + ".lock");
        Directory.CreateDirectory(StorePath + ".lock");
        IOException other = Assert.Throws<IOException>(() => AnswerStore.Open(StorePath));
        Assert.Contains("cannot be written", other.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", other.Message, StringComparison.Ordinal);

        // Or the store itself, or its folder.
        Directory.CreateDirectory(_folder.Of("a folder"));
        Assert.Contains("cannot be written", Assert.Throws<IOException>(() => AnswerStore.Open(_folder.Of("a folder"))).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => AnswerStore.Open(_folder.Of("nowhere", "captions.jsonl")));
        File.WriteAllText(_folder.Of("a file"), string.Empty);
        Assert.ThrowsAny<IOException>(() => AnswerStore.Open(_folder.Of("a file", "captions.jsonl")));
    }

    [Fact]
    public void Missing_rights_are_an_IOException_in_words()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Rights bind nobody here.");
        UnixRights.Set(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Contains("cannot be written", Assert.Throws<IOException>(() => AnswerStore.Open(StorePath)).Message, StringComparison.Ordinal);
            Assert.Contains("cannot be written", Assert.Throws<IOException>(() => CaptionFile.WriteWeiMoCir(StorePath, [])).Message, StringComparison.Ordinal);
        }
        finally
        {
            UnixRights.Set(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_damaged_line_in_the_middle_is_named_not_dropped()
    {
        File.WriteAllText(StorePath, """
            {"id":"a","captions":["x"],"image":"h","captioner":"c"}
            {"id":"b","capt
            {"id":"c","captions":["x"],"image":"h","captioner":"c"}

            """);
        Assert.Contains("Line 2", Assert.Throws<InvalidAnswerStoreException>(() => AnswerStore.Open(StorePath)).Message, StringComparison.Ordinal);
        Assert.Contains("line 2", Assert.Throws<InvalidCaptionFileException>(() => CaptionFile.Read(StorePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_writer_is_refused_and_readers_are_not()
    {
        using AnswerStore store = AnswerStore.Open(StorePath);
        store.Add(new AnswerRecord("a", "h", "c", ["x"]));
        Assert.Contains("being written", Assert.Throws<InvalidAnswerStoreException>(() => AnswerStore.Open(StorePath)).Message, StringComparison.Ordinal);
        Assert.Equal(["x"], CaptionFile.Read(StorePath)["a"]);
    }

    [Fact]
    public void The_published_format_is_exported_and_imported()
    {
        string published = _folder.File("published.json");
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            store.Add(new AnswerRecord("b", "hb", "c", ["1", "2", "3", "4"]));
            store.Add(new AnswerRecord("a", "ha", "c", ["5"]));
            store.Add(new AnswerRecord("f", "hf", "c", [], "failed"));
            store.ExportCaptions(published, "c");
        }

        Assert.Equal("""[{"candidate":"b","captions":["1","2","3","4"]},{"candidate":"a","captions":["5"]}]""", File.ReadAllText(published));
        using AnswerStore other = AnswerStore.Open(_folder.File("other.jsonl"));
        Assert.Equal(1, other.ImportCaptions(published, "d", id => id == "b" ? "HB" : null));
        Assert.True(other.TryGet("HB", "d", out IReadOnlyList<string>? captions));
        Assert.Equal(4, captions.Count);
    }

    [Fact]
    public void The_published_captions_of_CIRR_are_read()
    {
        string path = RepositoryPaths.Golden("datasets", "WeiMoCIR", "cirr_labeled_images_cir_cleaned.json");
        IReadOnlyDictionary<string, IReadOnlyList<string>> captions = CaptionFile.Read(path);

        Assert.Equal(
            ["A team of sled dogs runs across a snowy field.", "The image shows a pack of sled dogs running in a race.", "The sled dogs are pulling a sled through the snow."],
            captions["dev-1001-1-img1"].Take(3));
        Assert.All(captions.Values, texts => Assert.True(texts.Count >= 3));
        Assert.Equal(213, captions.Values.Max(texts => texts.Count));
        Assert.False(captions.ContainsKey("dev-220-2-img1"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{captions.Count} images");
        Assert.InRange(captions.Count, 4000, 30000);
    }

    [Theory]
    [InlineData("[{\"candidate\":\"a\"}]", "entry 0")]
    [InlineData("[{\"candidate\":\"a\",\"captions\":[1]}]", "entry 0")]
    [InlineData("[{\"candidate\":\"a\",\"captions\":[]},{\"candidate\":3,\"captions\":[]}]", "entry 1")]
    [InlineData("[", "line 1")]
    [InlineData("{\"id\":\"a\"}\n", "line 1")]
    [InlineData("nonsense", "line 1")]
    [InlineData("{\"id\":\"a\",\"captions\":[]} {\"id\":\"b\",\"captions\":[]}\n", "line 1")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]", "line 1")]
    public void A_malformed_file_is_refused_with_the_place_named(string content, string expected)
    {
        File.WriteAllText(StorePath, content);
        InvalidCaptionFileException e = Assert.Throws<InvalidCaptionFileException>(() => CaptionFile.Read(StorePath));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains(StorePath, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains(
        "does not exist", Assert.Throws<InvalidCaptionFileException>(() => CaptionFile.Read(StorePath)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Nobody_pays_twice_whoever_asks_when()
    {
        CountingCaptioner captioner = new();
        string[] first, second;
        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            StoredCaptioner stored = new(captioner, store);
            first = await AskForAll(stored);
            Assert.Equal(10, captioner.Asked);
            Assert.Equal((10, 40), (stored.Answers().Asked, stored.Answers().Reused));
        }

        using (AnswerStore store = AnswerStore.Open(StorePath))
        {
            second = await AskForAll(new StoredCaptioner(captioner, store));
        }

        Assert.Equal(10, captioner.Asked);
        Assert.Equal(first, second);
        Assert.Equal(50, File.ReadAllLines(StorePath).Length); // One line for each id, though five share each image.

        static async Task<string[]> AskForAll(StoredCaptioner stored)
            => await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
                (await stored.Answers().AskAsync($"id-{i}", Image($"content {i % 10}"))).Single())));
    }

    [Fact]
    public async Task A_failure_is_recorded_and_tried_again()
    {
        CountingCaptioner captioner = new() { FailFirst = 1 };
        using AnswerStore store = AnswerStore.Open(StorePath);
        StoredCaptioner stored = new(captioner, store);
        await Assert.ThrowsAsync<InvalidImageException>(() => stored.Answers().AskAsync("a", Image("x"), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal("a", Assert.Single(store.Failures).Id);
        Assert.Single(await stored.Answers().AskAsync("a", Image("x"), TestContext.Current.CancellationToken));
        Assert.Empty(store.Failures);
        Assert.Equal(2, captioner.Asked);
    }

    [Fact]
    public async Task Other_options_are_another_question()
    {
        CountingCaptioner captioner = new();
        using AnswerStore store = AnswerStore.Open(StorePath);
        StoredCaptioner stored = new(captioner, store);
        await stored.Answers().AskAsync("a", Image("x"), TestContext.Current.CancellationToken);
        Assert.Equal(3, (await stored.Answers(new CaptionOptions { Count = 3 }).AskAsync("a", Image("x"), TestContext.Current.CancellationToken)).Count);
        await stored.Answers(new CaptionOptions { Count = 3, Seed = 1 }).AskAsync("a", Image("x"), TestContext.Current.CancellationToken);
        await stored.Answers(new CaptionOptions { Count = 3 }).AskAsync("a", Image("x"), TestContext.Current.CancellationToken);
        Assert.Equal(3, captioner.Asked);
        Assert.Equal("counting count=3 seed=1", StoredCaptioner.KeyOf(captioner, new CaptionOptions { Count = 3, Seed = 1 }));
    }

    [Fact]
    public async Task Who_waits_is_not_cancelled_by_who_asked_first()
    {
        CountingCaptioner captioner = new() { Delay = TimeSpan.FromSeconds(20) };
        using AnswerStore store = AnswerStore.Open(StorePath);
        StoredCaptioner stored = new(captioner, store);
        using CancellationTokenSource first = new();
        Task<IReadOnlyList<string>> asking = stored.Answers().AskAsync("a", Image("x"), first.Token).AsTask();
        Task<IReadOnlyList<string>> waiting = stored.Answers().AskAsync("b", Image("x"), TestContext.Current.CancellationToken).AsTask();
        captioner.Delay = TimeSpan.Zero;
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Single(await waiting);
    }

    private static ImageData Image(string content) => ImageData.FromBytes(Encoding.UTF8.GetBytes(content));

    private sealed class CountingCaptioner : IImageCaptioner
    {
        private int _asked;

        public string CaptionerId => "counting";

        public int Asked => _asked;

        public int FailFirst { get; init; }

        public TimeSpan Delay { get; set; }

        public async ValueTask<IReadOnlyList<string>> CaptionAsync(ImageData image, CaptionOptions? options = null, CancellationToken cancellationToken = default)
        {
            int number = Interlocked.Increment(ref _asked);
            await Task.Delay(Delay, cancellationToken);
            await Task.Yield();
            return number <= FailFirst
                ? throw new InvalidImageException("It cannot be described.")
                : [.. Enumerable.Range(0, options?.Count ?? 1).Select(i => $"{i} {Encoding.UTF8.GetString(image.Data.Span)}")];
        }
    }
}
