using System.Text.Json;
using ZeroShotCir.Tests;
using ZeroShotCir.Tests.Chat;
using ZeroShotCir.Tests.Http;

namespace ZeroShotCir.Tool.Tests.Captions;

public sealed class CaptionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.File("captions.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_folder_writes_captions_that_evaluation_reads()
    {
        string[] names = Pictures(6);
        string export = _folder.File("captions.json");
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "caption", "--images", _folder.File("images"), "--captioner", $"onnx:{Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner")}",
            "--out", Store, "--ids", "name", "--export", export);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal((6, 0), (outcome.Json.GetProperty("captioned").GetInt32(), outcome.Json.GetProperty("reused").GetInt32()));
        Assert.Equal(0, outcome.Json.GetProperty("tokens").GetProperty("requests").GetInt32());

        // The first caption is the greedy one, which does not depend on whose sampler drew the others.
        Dictionary<string, string> published = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "gallery_captions.json")))
            .RootElement.EnumerateArray().ToDictionary(entry => entry.GetProperty("candidate").GetString()!, entry => entry.GetProperty("captions")[0].GetString()!);
        JsonElement[] exported = [.. JsonDocument.Parse(File.ReadAllBytes(export)).RootElement.EnumerateArray()];
        Assert.Equal(names, exported.Select(entry => entry.GetProperty("candidate").GetString()));
        Assert.All(exported, entry => Assert.Equal(published[entry.GetProperty("candidate").GetString()!], entry.GetProperty("captions")[0].GetString()));
        Assert.All(exported, entry => Assert.Equal(3, entry.GetProperty("captions").GetArrayLength()));
        Assert.Equal(names, File.ReadLines(Store).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("true", "splitting")]
    [InlineData("false", "no_splitting")]
    public async Task Tiles_are_an_option(string tiles, string golden)
    {
        string folder = RepositoryPaths.Golden("exported", "smolvlm");
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "caption", "--images", Path.Combine(folder, "images"), "--captioner", $"onnx:{folder}", "--out", Store, "--tiles", tiles,
            "--count", "1", "--beams", "1", "--max-tokens", "12", "--resize-order", "pillow13");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Dictionary<string, string> expected = GoldenJson.Read(Path.Combine(folder, "expected.json")).GetProperty("images").EnumerateArray()
            .ToDictionary(
                image => Path.GetFileName(image.GetProperty("file").GetString()!), image => image.GetProperty(golden).GetProperty("greedy").GetProperty("text").GetString()!);
        Dictionary<string, string> written = File.ReadLines(Store).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("id").GetString()!, line => line.GetProperty("captions")[0].GetString()!);
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), written.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Tiles_of_a_captioner_that_has_none_are_refused()
    {
        Pictures(1);
        ToolOutcome outcome = await ToolProcess.RunAsync(
            "caption", "--images", _folder.File("images"), "--captioner", $"onnx:{Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner")}",
            "--out", Store, "--tiles", "false");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("--tiles", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imported_captions_are_not_asked_for_again()
    {
        string[] names = Pictures(4);
        var known = names.Take(3).Append("unknown").Select(name => new { candidate = name, captions = new[] { $"known {name}", "b", "c" } });
        string import = _folder.Write(JsonSerializer.Serialize(known), "known.json");
        await using FakeChatServer server = new(_ => FakeChatServer.Captions("asked", "b", "c"));

        ToolOutcome outcome = await CaptionAsync(server, "--ids", "name", "--import", import, "--price", "2.5:10");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal((3, 3, 1), (outcome.Json.GetProperty("imported").GetInt32(), outcome.Json.GetProperty("reused").GetInt32(), outcome.Json.GetProperty("captioned").GetInt32()));
        Assert.Equal([$"known {names[0]}", $"known {names[1]}", $"known {names[2]}", "asked"], FirstCaptions());
        JsonElement tokens = outcome.Json.GetProperty("tokens");
        Assert.Equal((100, 10, 1), (tokens.GetProperty("input").GetInt32(), tokens.GetProperty("output").GetInt32(), tokens.GetProperty("requests").GetInt32()));
        Assert.Equal(((100 * 2.5m) + (10 * 10m)) / 1_000_000m, tokens.GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task Failed_pictures_are_listed_and_only_they_are_asked_for_again()
    {
        string[] names = Pictures(5);
        File.WriteAllBytes(_folder.File("images", "corrupt.jpg"), [1, 2, 3]);
        File.WriteAllBytes(_folder.File("images", "empty.png"), []);
        string refused = names[2];
        byte[] refusedBytes = File.ReadAllBytes(Directory.GetFiles(_folder.File("images"), $"{refused}.*").Single());
        bool refuses = true;
        int requests = 0;
        await using FakeChatServer server = new(request =>
        {
            Interlocked.Increment(ref requests);
            return refuses && request.Image.SequenceEqual(refusedBytes)
                ? FakeChatServer.Answer("", refusal: "I cannot help with that.")
                : FakeChatServer.Captions("a", "b", "c");
        });

        ToolOutcome first = await CaptionAsync(server, "--ids", "name");
        Assert.Equal(0, first.ExitCode);
        IEnumerable<string?> failed = first.Json.GetProperty("failed").EnumerateArray().Select(file => file.GetProperty("file").GetString());
        Assert.Equal(new[] { "corrupt", "empty", refused }.Order(StringComparer.Ordinal), failed);
        Assert.Contains("was refused", first.Errors, StringComparison.Ordinal);
        Assert.Equal(3, first.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(5, requests);

        refuses = false;
        ToolOutcome second = await CaptionAsync(server, "--ids", "name");
        Assert.Equal(1, second.Json.GetProperty("captioned").GetInt32());
        Assert.Equal(4, second.Json.GetProperty("reused").GetInt32());
        Assert.Equal(2, second.Json.GetProperty("failed").GetArrayLength());
        Assert.Equal(6, requests);
    }

    [Fact]
    public async Task A_server_that_refuses_the_key_is_asked_once_and_in_its_own_words()
    {
        Pictures(40);
        int requests = 0;
        await using FakeChatServer server = new(_ =>
        {
            Interlocked.Increment(ref requests);
            return LoopbackResponse.Text(401, """{"error": {"message": "this key expired in May"}}""", "application/json");
        });

        ToolOutcome outcome = await CaptionAsync(server);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(1, requests);
        Assert.Equal(39, outcome.Json.GetProperty("not_tried").GetInt32());
        string message = outcome.Json.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains("this key expired in May", message, StringComparison.Ordinal);
        Assert.Contains("--key-variable", message, StringComparison.Ordinal);
        Assert.DoesNotContain("ChatSettings", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Pictures_that_the_server_refuses_do_not_end_the_run_however_many(int status)
    {
        Pictures(30);
        await using FakeChatServer server = new(request => request.Number <= 25 ? FakeChatServer.Error(status) : FakeChatServer.Captions("a", "b", "c"));

        ToolOutcome outcome = await CaptionAsync(server);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(5, outcome.Json.GetProperty("captioned").GetInt32());
        Assert.Equal(25, outcome.Json.GetProperty("failed").GetArrayLength());
        Assert.Equal(0, outcome.Json.GetProperty("not_tried").GetInt32());
    }

    [Theory]
    [InlineData("prose", "no JSON of the form")]
    [InlineData("long", "the limit is 100000")]
    [InlineData("slow", "not answered within")]
    public async Task A_model_that_answers_nothing_useful_is_named(string kind, string expected)
    {
        Pictures(2);
        await using FakeChatServer server = new(async (_, stop) =>
        {
            await Task.Delay(kind == "slow" ? Timeout.Infinite : 0, stop);
            return kind == "long" ? FakeChatServer.Captions(new string('x', 10_000_000), "b", "c") : FakeChatServer.Answer("It is a dress.");
        });

        // Only silence may run into the limit: ten megabytes take their time on a busy machine.
        ToolOutcome outcome = await CaptionAsync(server, "--timeout", kind == "slow" ? "1" : "100", "--retries", "0");

        Assert.Equal(1, outcome.ExitCode);
        Assert.All(outcome.Json.GetProperty("failed").EnumerateArray(), failed => Assert.Contains(expected, failed.GetProperty("error").GetString(), StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_counts_are_kept_because_they_were_paid_for()
    {
        Pictures(2);
        await using FakeChatServer server = new(_ => FakeChatServer.Captions("a", "b"));

        ToolOutcome outcome = await CaptionAsync(server);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(2, outcome.Json.GetProperty("captioned").GetInt32());
        Assert.Equal(["a", "a"], FirstCaptions());
    }

    [Fact]
    public async Task A_disk_that_fills_up_ends_the_run_with_everything_stored_that_was_answered()
    {
        Assert.SkipUnless(SmallDisk.IsAvailable(), "This system does not let an ordinary process mount a small disk.");
        string[] names = Pictures(400);
        int answered = 0;
        await using FakeChatServer server = new(async (request, stop) =>
        {
            await Task.Delay(5, stop);
            Interlocked.Increment(ref answered);
            return FakeChatServer.Captions(new string('x', 400) + request.Number, new string('y', 400), new string('z', 400));
        });
        string disk = _folder.File("disk"), survived = _folder.File("survived");
        ToolOutcome outcome = await SmallDisk.RunAsync(
            disk, "300k", survived,
            "caption", "--images", _folder.File("images"), "--captioner", "openai:fake-vision", "--endpoint", $"{server.Endpoint}",
            "--out", Path.Combine(disk, "captions.jsonl"), "--concurrency", "8");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("cannot grow", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("Every answer so far is stored", outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        int stored = File.ReadLines(Path.Combine(survived, "captions.jsonl")).Count(line => JsonDocument.Parse(line).RootElement.GetProperty("captions").GetArrayLength() == 3);
        Assert.InRange(stored, 50, names.Length - 1);
        Assert.Equal(answered, stored);
    }

    [Theory]
    [InlineData("--captioner", "gpt-4o", "expected onnx:DIR or openai:MODEL")]
    [InlineData("--captioner", "openai:gpt-4o", "OPENAI_API_KEY holds no key")]
    [InlineData("--endpoint", "localhost", "expected a URL")]
    [InlineData("--price", "2.5", "expected two numbers")]
    [InlineData("--temperature", "3", "expected a number from 0 to 2")]
    [InlineData("--max-token", "3", "Did you mean '--max-tokens'?")]
    public async Task Bad_usage_is_refused_before_anything_is_asked(string option, string value, string expected)
    {
        Pictures(1);
        List<string> arguments = ["caption", "--images", _folder.File("images"), "--out", Store, option, value];
        if (option != "--captioner")
        {
            arguments.AddRange(["--captioner", "openai:x"]);
        }

        ToolOutcome outcome = await ToolProcess.RunAsync(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Store));
    }

    private Task<ToolOutcome> CaptionAsync(FakeChatServer server, params string[] more) => ToolProcess.RunAsync(
        ["caption", "--images", _folder.File("images"), "--captioner", "openai:fake-vision", "--endpoint", $"{server.Endpoint}", "--out", Store, .. more]);

    private IEnumerable<string?> FirstCaptions()
        => File.ReadLines(Store).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("captions")[0].GetString());

    private string[] Pictures(int count)
    {
        Directory.CreateDirectory(_folder.File("images"));
        return [.. Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(count).Select(file =>
        {
            File.Copy(file, _folder.File("images", Path.GetFileName(file)));
            return Path.GetFileNameWithoutExtension(file);
        })];
    }
}
