using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Chat;

namespace ZeroShotCir.Tool.Tests.Galleries;

public sealed class IndexCommandTests : IDisposable
{
    private readonly GalleryWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_folder_is_indexed_and_brought_up_to_date_around_bad_pictures()
    {
        string[] names = _world.AddPictures(12);
        string[] bad = _world.AddBadPictures();

        ToolOutcome first = await _world.IndexAsync();
        AssertCounts(first, added: 12, count: 12);
        Assert.Equal(bad, first.Json.GetProperty("failed").EnumerateArray().Select(failed => failed.GetProperty("file").GetString()));
        Assert.Equal(bad.Length, first.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        File.Copy(Path.Combine(_world.Images, names[0]), Path.Combine(_world.Images, names[1]), overwrite: true);
        File.Delete(Path.Combine(_world.Images, names[2]));
        AssertCounts(await _world.IndexAsync("--keep-missing"), added: 1, unchanged: 10, count: 12);
        ToolOutcome second = await _world.IndexAsync();
        AssertCounts(second, unchanged: 11, removed: 1, count: 11);
        Assert.Equal([names[2]], second.Json.GetProperty("removed_ids").EnumerateArray().Select(id => id.GetString()));
        Assert.Single(second.Errors.Split('\n'), line => line.Contains("unusable since an earlier run and unchanged: 5", StringComparison.Ordinal));
        AssertCounts(await _world.IndexAsync("--prune"), unchanged: 11, count: 11);

        ToolOutcome verified = await ToolProcess.RunAsync("gallery", "verify", _world.Gallery);
        Assert.True(verified.ExitCode == 0, verified.Errors);
        ToolOutcome compacted = await ToolProcess.RunAsync("gallery", "compact", _world.Gallery);
        Assert.True(compacted.ExitCode == 0, compacted.Errors);
        ToolOutcome info = await ToolProcess.RunAsync("gallery", "info", _world.Gallery);
        Assert.Equal((11, 0), (info.Json.GetProperty("count").GetInt32(), info.Json.GetProperty("removed").GetInt32()));
        Assert.Equal(0.1, info.Json.GetProperty("stored_caption_weight").GetDouble());
        Assert.DoesNotContain(names[2], GalleryWorld.Ids(await _world.SearchAsync("--text", "red", "-k", "100")));
    }

    [Fact]
    public async Task Captions_of_a_file_are_kept_and_change_with_the_file()
    {
        string[] names = _world.AddPictures(4);
        string captions = _world.Of("captions.json");
        WriteCaptions("a red dress");

        AssertCounts(await _world.IndexAsync("--captions", captions), added: 4, count: 4);
        AssertCounts(await _world.IndexAsync(), unchanged: 4, count: 4);
        WriteCaptions("a blue shirt");
        AssertCounts(await _world.IndexAsync("--captions", captions), added: 4, unchanged: 0, count: 4);

        File.WriteAllText(captions, """[{"candidate": "unknown", "captions": ["x"]}]""");
        ToolOutcome strangers = await _world.IndexAsync("--captions", captions);
        Assert.Equal(1, strangers.ExitCode);
        Assert.Contains("'unknown'", strangers.Errors, StringComparison.Ordinal);

        void WriteCaptions(string caption)
            => File.WriteAllText(captions, JsonSerializer.Serialize(names.Select(name => new { candidate = name, captions = new[] { caption, $"{caption} on white" } })));
    }

    [Fact]
    public async Task A_chat_model_is_paid_once()
    {
        _world.AddPictures(5);
        int requests = 0;
        await using FakeChatServer server = new(_ =>
        {
            Interlocked.Increment(ref requests);
            return FakeChatServer.Captions("one", "two", "three");
        });
        string[] captioner = ["--captioner", "openai:fake-vision", "--endpoint", $"{server.Endpoint}"];

        ToolOutcome first = await _world.IndexAsync(captioner);
        AssertCounts(first, added: 5, count: 5);
        Assert.Equal(5, first.Json.GetProperty("captions").GetProperty("captioned").GetInt32());
        AssertCounts(await _world.IndexAsync(captioner), unchanged: 5, count: 5);
        Assert.Equal(5, requests);
        Assert.Equal(15, (await ToolProcess.RunAsync("gallery", "info", _world.Gallery)).Json.GetProperty("captions").GetInt32());
    }

    [Fact]
    public async Task An_interrupted_run_keeps_what_was_finished()
    {
        _world.AddPictures(400);
        ToolOutcome interrupted;
        using (ToolProcess tool = ToolProcess.Start("index", "--model", GalleryWorld.Model, "--images", _world.Images, "--out", _world.Gallery))
        {
            while (!File.Exists(Path.Combine(_world.Gallery, "segment-000001.images.safetensors")))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            await tool.InterruptAsync();
            interrupted = await tool.EndAsync();
        }

        Assert.Equal(130, interrupted.ExitCode);
        Assert.Contains("run the same command to go on", interrupted.Errors, StringComparison.Ordinal);
        int kept = (await ToolProcess.RunAsync("gallery", "info", _world.Gallery)).Json.GetProperty("count").GetInt32();
        Assert.InRange(kept, 1, 399);
        AssertCounts(await _world.IndexAsync(), added: 400 - kept, unchanged: kept, count: 400);
        Assert.Equal(0, (await ToolProcess.RunAsync("gallery", "verify", _world.Gallery)).ExitCode);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_what_was_committed_stays()
    {
        Assert.SkipUnless(SmallDisk.IsAvailable(), "No small file system can be mounted here.");
        _world.AddPictures(300);
        string disk = _world.Of("disk"), survived = _world.Of("survived");

        ToolOutcome outcome = await SmallDisk.RunAsync(
            disk, "200k", survived, "index", "--model", GalleryWorld.Model, "--images", _world.Images, "--out", Path.Combine(disk, "gallery"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        // Nothing was committed before the disk was full; the folder is usable all the same.
        Directory.Move(Path.Combine(survived, "gallery"), _world.Gallery);
        AssertCounts(await _world.IndexAsync(), added: 300, count: 300);
        Assert.Equal(0, (await ToolProcess.RunAsync("gallery", "verify", _world.Gallery)).ExitCode);
    }

    [Fact]
    public async Task Folders_that_cannot_be_indexed_are_refused()
    {
        Directory.CreateDirectory(_world.Images);
        await AssertRefusedAsync(1, "holds no picture");
        _world.AddPictures(2);
        await AssertRefusedAsync(2, "either --captions or --captioner", "--captions", "x.json", "--captioner", "openai:x");
        await AssertRefusedAsync(2, "--seed is for captioners", "--seed", "3");
        await AssertRefusedAsync(2, "--prompt is for ONNX captioners; 'openai:x' is a chat model", "--captioner", "openai:x", "--prompt", "a picture of");
        await AssertRefusedAsync(2, "expected a whole number from 1 to 64", "--captioner", "onnx:x", "--beams", "65");
        await AssertRefusedAsync(1, "takes no prompt", "--captioner", "onnx:" + Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner"), "--prompt", "a picture of");
        await AssertRefusedAsync(1, "'nowhere.json'", "--captions", "nowhere.json");
        await AssertRefusedAsync(2, "Did you mean '--prune'?", "--prun");
        Directory.CreateDirectory(_world.Gallery);
        File.WriteAllText(Path.Combine(_world.Gallery, "manifest.json"), "{");
        await AssertRefusedAsync(1, "manifest.json");

        Directory.Delete(_world.Gallery, recursive: true);
        Directory.Delete(_world.Images, recursive: true);
        Directory.CreateDirectory(_world.Images);
        File.WriteAllText(Path.Combine(_world.Images, "only.png"), "text");
        await AssertRefusedAsync(1, "The only picture failed");
        await AssertRefusedAsync(2, "'--json' expects a single argument", "--json", _world.Of("given-twice.json"));

        async Task AssertRefusedAsync(int exitCode, string message, params string[] more)
        {
            ToolOutcome outcome = await _world.IndexAsync(more);
            Assert.Equal(exitCode, outcome.ExitCode);
            Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_second_writer_is_refused()
    {
        _world.AddPictures(3);
        AssertCounts(await _world.IndexAsync(), added: 3, count: 3);
        using FileStream other = new(Path.Combine(_world.Gallery, "writer.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        ToolOutcome refused = await _world.IndexAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("GalleryLockedException", refused.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(0, (await _world.SearchAsync("--text", "red")).ExitCode);
    }

    private static void AssertCounts(ToolOutcome outcome, int added = 0, int unchanged = 0, int removed = 0, int count = 0)
    {
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        int[] found = [.. new[] { "added", "unchanged", "removed", "count" }.Select(name => outcome.Json.GetProperty(name).GetInt32())];
        Assert.Equal([added, unchanged, removed, count], found);
        Assert.True(outcome.Json.GetProperty("seconds").GetDouble() > 0);
    }
}
