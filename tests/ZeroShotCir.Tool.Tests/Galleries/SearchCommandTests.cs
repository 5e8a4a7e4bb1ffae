using System.Text.Json;

namespace ZeroShotCir.Tool.Tests.Galleries;

public sealed class SearchCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly GalleryWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Searching_is_brute_force_over_what_embed_writes()
    {
        string[] names = _world.AddPictures(40);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        const string Text = "the same in red with long sleeves";
        string texts = _world.Of("texts.jsonl");
        File.WriteAllText(texts, JsonSerializer.Serialize(new { text = Text }));
        double[][] images = [.. (await _world.EmbedAsync("--images", _world.Images)).Select(Unit)];
        double[] text = Unit((await _world.EmbedAsync("--texts", texts))[0]);
        string file = Path.Combine(_world.Images, names[7]);

        await AssertFindsAsync(Fuse(images[7], text, 0.8), "--image", file, "--text", Text);
        await AssertFindsAsync(Fuse(images[7], text, 0.25), "--id", names[7], "--text", Text, "--alpha", "0.25", "--beta", "0.5");
        await AssertFindsAsync(images[7], "--image", file);
        await AssertFindsAsync(images[7], "--id", names[7]);
        await AssertFindsAsync(text, "--text", Text);

        async Task AssertFindsAsync(double[] query, params string[] arguments)
        {
            ToolOutcome outcome = await _world.SearchAsync([.. arguments, "-k", "40"]);
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
            Dictionary<string, double> scores = names.Zip(images, (name, image) => (name, score: image.Zip(query, (a, b) => a * b).Sum())).ToDictionary();
            JsonElement[] hits = [.. outcome.Json.GetProperty("hits").EnumerateArray()];
            Assert.Equal(40, hits.Length);
            Assert.Equal(Enumerable.Range(1, 40), hits.Select(hit => hit.GetProperty("rank").GetInt32()));
            Assert.Equal(names.Order(StringComparer.Ordinal), GalleryWorld.Ids(outcome).Order(StringComparer.Ordinal));
            Assert.All(hits, hit => Assert.Equal(scores[hit.GetProperty("id").GetString()!], hit.GetProperty("score").GetDouble(), 1e-5));
            Assert.True(hits.Zip(hits.Skip(1)).All(pair => pair.First.GetProperty("score").GetSingle() >= pair.Second.GetProperty("score").GetSingle()));
            Assert.All(hits, hit => Assert.True(File.Exists(hit.GetProperty("file").GetString())));
            output.WriteLine($"{string.Join(' ', arguments)}: 40 of 40 scores");
        }
    }

    /// <summary>Their libraries, 50 MB, would be a good part of what a search takes from its start. The system's loader says what it loads.</summary>
    [Fact]
    public async Task A_search_by_a_text_loads_no_library_that_decodes_pictures()
    {
        _world.AddPictures(3);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        string[] byText = await LoadedAsync("--text", "a red dress");
        Assert.SkipWhen(byText.Length == 0, "The system's loader does not say what it loads (LD_DEBUG is glibc's).");
        string[] byPicture = await LoadedAsync("--image", Directory.GetFiles(_world.Images)[0]);

        Assert.Contains(byText, name => name.Contains("onnxruntime", StringComparison.Ordinal));
        Assert.DoesNotContain(byText, IsDecoder);
        Assert.Contains(byPicture, IsDecoder);

        static bool IsDecoder(string name) => name.Contains("Magick", StringComparison.Ordinal) || name.Contains("Skia", StringComparison.Ordinal);
    }

    private async Task<string[]> LoadedAsync(params string[] search)
    {
        string folder = Directory.CreateDirectory(_world.Of($"loaded {search[0]}")).FullName;
        Dictionary<string, string> environment = new() { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = Path.Combine(folder, "by") };
        ToolOutcome outcome = await ToolProcess.RunInAsync(environment, ["search", "--gallery", _world.Gallery, .. search]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return [.. Directory.GetFiles(folder).SelectMany(File.ReadLines)
            .Where(line => line.Contains("calling init: ", StringComparison.Ordinal)).Select(line => Path.GetFileName(line))];
    }

    /// <summary>By the published code, with raw embeddings: each caption of an item meets a query of its own, made with that caption of the reference.</summary>
    [Fact]
    public async Task The_formula_is_the_one_that_was_asked_for()
    {
        string[] names = _world.AddPictures(6);
        string[][] captions = [.. names.Select((_, i) => (string[])[$"a garment {i}", $"it is {names.Length - i}", "in red"])];
        string file = _world.Of("captions.json"), texts = _world.Of("texts.jsonl");
        File.WriteAllText(file, JsonSerializer.Serialize(names.Select((name, i) => new { candidate = name, captions = captions[i] })));
        const string Text = "the same with long sleeves";
        File.WriteAllLines(texts, captions.SelectMany(of => of).Append(Text).Select(text => JsonSerializer.Serialize(new { text })));
        Assert.Equal(0, (await _world.IndexAsync("--captions", file)).ExitCode);
        double[][] images = [.. (await _world.EmbedAsync("--images", _world.Images)).Select(row => Array.ConvertAll(row, value => (double)value))];
        double[][] said = [.. (await _world.EmbedAsync("--texts", texts)).Select(row => Array.ConvertAll(row, value => (double)value))];

        ToolOutcome outcome = await _world.SearchAsync(
            "--id", names[2], "--text", Text, "--alpha", "0.6", "--beta", "0.3", "--scoring", "published-code", "--normalize-inputs", "false", "-k", "6");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal("published-code", outcome.Json.GetProperty("query").GetProperty("scoring").GetString());
        foreach (JsonElement hit in outcome.Json.GetProperty("hits").EnumerateArray())
        {
            int item = Array.IndexOf(names, hit.GetProperty("id").GetString());
            double byImage = Dot(Fused(images[2]), Unit(images[item]));
            double byCaptions = Enumerable.Range(0, 3).Average(j => Dot(Fused(said[(2 * 3) + j]), Unit(said[(item * 3) + j])));
            Assert.Equal((0.7 * byImage) + (0.3 * byCaptions), hit.GetProperty("score").GetDouble(), 1e-5);
        }

        double[] Fused(double[] reference) => Unit([.. reference.Zip(said[^1], (v, t) => (0.4 * v) + (0.6 * t))]);

        double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    [Fact]
    public async Task Pictures_are_left_out_on_request_and_k_is_met_as_far_as_possible()
    {
        string[] names = _world.AddPictures(10);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);

        Assert.Equal(10, GalleryWorld.Ids(await _world.SearchAsync("--id", names[0], "-k", "1000")).Length);
        Assert.Equal([names[0]], GalleryWorld.Ids(await _world.SearchAsync("--id", names[0], "-k", "1")));
        Assert.Equal(names[1..].Order(StringComparer.Ordinal), GalleryWorld.Ids(await _world.SearchAsync("--id", names[0], "--exclude-reference")).Order(StringComparer.Ordinal));
        ToolOutcome without = await _world.SearchAsync("--id", names[0], "--exclude", names[0], names[1], names[2]);
        Assert.Equal(names[3..].Order(StringComparer.Ordinal), GalleryWorld.Ids(without).Order(StringComparer.Ordinal));
        Assert.Equal([names[4]], GalleryWorld.Ids(await _world.SearchAsync("--id", names[0], "--only", $"*{names[4][3..]}")));
    }

    [Fact]
    public async Task The_gallery_and_the_text_are_words_or_options()
    {
        string[] names = _world.AddPictures(12);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        ToolOutcome options = await _world.SearchAsync("--text", "a red dress", "--id", names[3]);

        string[][] lines =
        [
            [_world.Gallery, "a red dress", "--id", names[3]],
            ["--id", names[3], _world.Gallery, "--text", "a red dress"],
            ["a red dress", "--gallery", _world.Gallery, "--id", names[3]],
        ];
        foreach (string[] arguments in lines)
        {
            ToolOutcome words = await ToolProcess.RunAsync(["search", .. arguments]);
            Assert.True(words.ExitCode == 0, words.Errors);
            Assert.Equal(options.Json.GetProperty("hits").ToString(), words.Json.GetProperty("hits").ToString());
        }

        ToolOutcome none = await ToolProcess.RunAsync("search", "--text", "red");
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("needs a gallery", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_references_count_as_the_mean_of_their_directions()
    {
        string[] names = _world.AddPictures(15);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        double[][] images = [.. (await _world.EmbedAsync("--images", _world.Images)).Select(Unit)];
        double[] mean = Unit(images[2].Select((value, i) => value + images[5][i] + images[9][i]));

        ToolOutcome outcome = await _world.SearchAsync("--id", names[2], "--image", Path.Combine(_world.Images, names[5]), "--id", names[9], "-k", "15");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Dictionary<string, double> scores = names.Zip(images, (name, image) => (name, score: image.Zip(mean, (a, b) => a * b).Sum())).ToDictionary();
        JsonElement[] hits = [.. outcome.Json.GetProperty("hits").EnumerateArray()];
        Assert.Equal(15, hits.Length);
        Assert.All(hits, hit => Assert.Equal(scores[hit.GetProperty("id").GetString()!], hit.GetProperty("score").GetDouble(), 1e-5));
    }

    [Fact]
    public async Task Copies_are_one_hit_and_a_reference_is_known_by_its_content()
    {
        string[] names = _world.AddPictures(8);
        string original = Path.Combine(_world.Images, names[0]), elsewhere = _world.Of("elsewhere.png");
        foreach (string copy in (string[])[Path.Combine(_world.Images, "copy 1.png"), Path.Combine(_world.Images, "copy 2.png"), elsewhere])
        {
            File.Copy(original, copy);
        }

        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        string[] same = [.. ((string[])["copy 1.png", "copy 2.png", names[0]]).Order(StringComparer.Ordinal)];

        ToolOutcome folded = await _world.SearchAsync("--image", elsewhere, "-k", "4");
        JsonElement first = folded.Json.GetProperty("hits")[0];
        Assert.Equal(4, folded.Json.GetProperty("hits").GetArrayLength());
        IEnumerable<string> copies = first.GetProperty("copies").EnumerateArray().Append(first).Select(copy => copy.GetProperty("id").GetString()!);
        Assert.Equal(same, copies.Order(StringComparer.Ordinal));
        Assert.Equal(4, folded.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        ToolOutcome every = await _world.SearchAsync("--image", elsewhere, "-k", "4", "--no-fold");
        Assert.Equal(same, GalleryWorld.Ids(every)[..3].Order(StringComparer.Ordinal));

        foreach (string[] reference in (string[][])[["--image", elsewhere], ["--id", names[0]], ["--id", "copy 1.png"]])
        {
            ToolOutcome without = await _world.SearchAsync([.. reference, "--exclude-reference", "--no-fold", "-k", "100"]);
            Assert.Equal(names[1..].Order(StringComparer.Ordinal), GalleryWorld.Ids(without).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_pipe_gets_every_hit_in_one_line_with_its_whole_id()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Names hold a line break.");
        string[] names = _world.AddPictures(2);
        string path = Path.Combine("2019 Summer holiday in the mountains", "Day 03 - the long walk to the lake and back", "raw exports", "full size", new string('x', 120));
        Directory.CreateDirectory(Path.Combine(_world.Images, path));
        File.Move(Path.Combine(_world.Images, names[0]), Path.Combine(_world.Images, path, "final version.png"));
        File.Move(Path.Combine(_world.Images, names[1]), Path.Combine(_world.Images, "two\nlines \u001b[31m.png"));
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);

        string[] lines = (await _world.SearchAsync("--text", "red")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal([path.Replace('\\', '/') + "/final version.png", @"two\nlines \u001b[31m.png"], lines.Select(line => line.Split('\t')[2]).Order(StringComparer.Ordinal));
        Assert.Equal(["1", "2"], lines.Select(line => line.Split('\t')[0]));
    }

    [Fact]
    public async Task A_text_that_the_model_does_not_read_to_its_end_is_said()
    {
        _world.AddPictures(3);
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);

        ToolOutcome cut = await _world.SearchAsync("--text", string.Join(' ', Enumerable.Repeat("red", 200)));
        ToolOutcome whole = await _world.SearchAsync("--text", "red");

        Assert.Equal((0, 0), (cut.ExitCode, whole.ExitCode));
        Assert.Contains("its end is left out", cut.Errors, StringComparison.Ordinal);
        Assert.Equal(3, GalleryWorld.Ids(cut).Length);
        Assert.Empty(whole.Errors);
    }

    [Fact]
    public async Task What_cannot_be_searched_for_is_refused_in_one_line()
    {
        string[] names = _world.AddPictures(3);
        string[] bad = _world.AddBadPictures();
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);

        await AssertRefusedAsync(2, "needs --image, --id or --text");
        await AssertRefusedAsync(2, "--text is blank", "--text", " ");
        await AssertRefusedAsync(2, "--text is blank", "--id", names[0], "--text", "");
        await AssertRefusedAsync(2, "does not take 'blue'", "red", "blue", "--id", names[0]);
        await AssertRefusedAsync(2, "does not take 'blue'", "blue", "--text", "red");
        await AssertRefusedAsync(2, "--text is blank", " ", "--id", names[0]);
        await AssertRefusedAsync(2, "expects a single argument", "--text", "red", "--text", "blue");
        await AssertRefusedAsync(2, "-k is '0', expected a whole number of at least 1", "--id", names[0], "-k", "0");
        await AssertRefusedAsync(2, "--alpha is '1.5'", "--id", names[0], "--text", "red", "--alpha", "1.5");
        await AssertRefusedAsync(2, "--alpha weighs a text against a reference image", "--id", names[0], "--alpha", "0.5");
        await AssertRefusedAsync(2, "--exclude-reference needs a reference", "--text", "red", "--exclude-reference");
        await AssertRefusedAsync(1, "'unknown'", "--id", "unknown");
        await AssertRefusedAsync(1, "'unknown'", "--id", names[0], "--exclude", "unknown");
        await AssertRefusedAsync(1, "does not exist", "--image", "nowhere.png");
        foreach (string name in bad)
        {
            await AssertRefusedAsync(1, name, "--image", Path.Combine(_world.Images, name));
        }

        // Without the note of the command that made it, a gallery does not say where its model is.
        File.Delete(Path.Combine(_world.Gallery, "model.json"));
        await AssertRefusedAsync(2, "Give --model", "--text", "red");
        Assert.Equal(0, (await _world.SearchAsync("--text", "red", "--model", GalleryWorld.Model)).ExitCode);
        Assert.Equal(0, (await _world.SearchAsync("--id", names[0])).ExitCode);

        async Task AssertRefusedAsync(int exitCode, string message, params string[] arguments)
        {
            ToolOutcome outcome = await _world.SearchAsync(arguments);
            Assert.Equal((exitCode, message), (outcome.ExitCode, outcome.Errors.Contains(message, StringComparison.Ordinal) ? message : outcome.Errors));
            Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.False(string.IsNullOrEmpty(outcome.Json.GetProperty("error").GetProperty("message").GetString()));
        }
    }

    [Fact]
    public async Task Empty_damaged_newer_and_missing_galleries_are_refused()
    {
        string[] names = _world.AddPictures(3);
        await AssertRefusedAsync("manifest.json");
        Assert.Equal(0, (await _world.IndexAsync()).ExitCode);
        string manifest = Path.Combine(_world.Gallery, "manifest.json");
        string intact = File.ReadAllText(manifest);

        File.WriteAllText(manifest, intact.Replace("\"version\": 2", "\"version\": 999", StringComparison.Ordinal));
        await AssertRefusedAsync("999");
        File.WriteAllText(manifest, intact);
        string images = Directory.GetFiles(_world.Gallery, "*.images.safetensors").Single();
        byte[] bytes = File.ReadAllBytes(images);
        bytes[^1] ^= 1;
        File.WriteAllBytes(images, bytes);
        ToolOutcome flipped = await ToolProcess.RunAsync("gallery", "verify", _world.Gallery);
        Assert.Equal(1, flipped.ExitCode);
        Assert.Contains(Path.GetFileName(images), flipped.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(flipped.Json.GetProperty("problems").EnumerateArray());
        File.WriteAllBytes(images, bytes[..^8]);
        await AssertRefusedAsync(Path.GetFileName(images));
        bytes[^1] ^= 1;
        File.WriteAllBytes(images, bytes);

        // Every picture is gone but one, and then that one is replaced by another name.
        foreach (string name in names[1..])
        {
            File.Delete(Path.Combine(_world.Images, name));
        }

        File.WriteAllText(Path.Combine(_world.Images, names[0]), "no picture");
        File.Move(Path.Combine(_world.Images, names[0]), Path.Combine(_world.Images, "x.png"));
        Assert.Equal(1, (await _world.IndexAsync("--prune")).ExitCode);
        await AssertRefusedAsync("is empty");

        async Task AssertRefusedAsync(string message)
        {
            ToolOutcome outcome = await _world.SearchAsync("--id", names[0]);
            Assert.Equal(1, outcome.ExitCode);
            Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
            Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static double[] Fuse(double[] image, double[] text, double alpha)
        => Unit(image.Zip(text, (v, t) => ((1 - alpha) * v) + (alpha * t)));

    private static double[] Unit(IEnumerable<float> vector) => Unit(vector.Select(value => (double)value));

    private static double[] Unit(IEnumerable<double> vector)
    {
        double[] values = [.. vector];
        double length = Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / length)];
    }
}
