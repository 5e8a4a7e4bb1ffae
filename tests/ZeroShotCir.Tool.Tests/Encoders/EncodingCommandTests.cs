using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Encoders;

/// <summary><c>cir tokenize</c>, <c>preprocess</c> and <c>embed</c> against figures of independent references.</summary>
public sealed class EncodingCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Token_ids_are_those_of_the_reference()
    {
        string model = RepositoryPaths.Golden("models", "clip-split");
        JsonElement golden = GoldenJson.Read(Path.Combine(model, "expected.json"));
        JsonElement[] expected = [.. golden.GetProperty("texts").EnumerateArray()];
        string texts = _folder.Write(string.Join('\n', expected.Select(item => JsonSerializer.Serialize(new { text = item.Text("text") }))), "texts.jsonl");

        ToolOutcome outcome = await ToolProcess.RunAsync("tokenize", "--model", model, "--texts", texts);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        JsonElement[] results = [.. outcome.Json.GetProperty("results").EnumerateArray()];
        Assert.Equal(expected.Length, results.Length);
        foreach ((JsonElement result, JsonElement item) in results.Zip(expected))
        {
            int[] ids = result.GetProperty("ids").Ints(), reference = item.GetProperty("ids").Ints();
            Assert.Equal(golden.GetProperty("context_length").GetInt32(), ids.Length);
            Assert.Equal(reference, ids[..reference.Length]);
        }
    }

    [Fact]
    public async Task Tensors_are_those_of_the_reference()
    {
        string model = RepositoryPaths.Golden("models", "clip-split");
        JsonElement[] expected = [.. GoldenJson.Read(Path.Combine(model, "expected.json")).GetProperty("images").EnumerateArray()];
        string file = _folder.File("pixels.safetensors");

        ToolOutcome outcome = await ToolProcess.RunAsync([
            "preprocess", "--model", model, "--out", file, .. expected.Select(item => Path.Combine(model, item.Text("file"))), Path.Combine(model, "config.json")]);

        // What is no picture is reported and counted, and the others are written.
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(["config.json"], outcome.Json.GetProperty("failed").EnumerateArray().Select(failed => Path.GetFileName(failed.Text("file"))));
        JsonElement[] images = [.. outcome.Json.GetProperty("images").EnumerateArray()];
        Assert.Equal(expected.Length, images.Length);
        TensorFile tensors = new(file);
        int values = 0;
        foreach ((JsonElement image, JsonElement item) in images.Zip(expected))
        {
            (int[] shape, float[] pixels) = tensors.Read(image.Text("tensor"));
            Assert.Equal(item.GetProperty("pixels").GetProperty("shape").Ints()[1..], shape);
            Assert.Equal((item.Number("width"), item.Number("height")), (image.Number("width"), image.Number("height")));
            foreach (JsonElement at in item.GetProperty("pixels").GetProperty("at").EnumerateArray())
            {
                int index = (((at.GetProperty("channel").GetInt32() * shape[1]) + at.GetProperty("y").GetInt32()) * shape[2]) + at.GetProperty("x").GetInt32();
                Assert.Equal(at.Number("value"), pixels[index], 1e-6);
                values++;
            }
        }

        Assert.NotEqual(0, values);
    }

    [Theory]
    [InlineData("images")]
    [InlineData("texts")]
    public async Task Embeddings_are_those_of_the_reference(string kind)
    {
        string model = RepositoryPaths.Golden("models", "clip-split");
        JsonElement[] expected = [.. GoldenJson.Read(Path.Combine(model, "expected.json")).GetProperty(kind).EnumerateArray()];
        string source = kind == "images"
            ? Path.Combine(model, "images")
            : _folder.Write(string.Join('\n', expected.Select(item => JsonSerializer.Serialize(new { text = item.Text("text") }))), "texts.jsonl");
        string file = _folder.File("embeddings.safetensors");

        ToolOutcome outcome = await ToolProcess.RunAsync("embed", "--model", model, $"--{kind}", source, "--out", file);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        TensorFile tensors = new(file);
        (int[] shape, float[] values) = tensors.Read("embeddings");
        Assert.Equal([outcome.Json.GetProperty("count").GetInt32(), 20], shape);
        string[] ids = JsonSerializer.Deserialize<string[]>(tensors.Header.GetProperty("__metadata__").Text("ids"))!;
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int row = kind == "texts" ? i : Array.FindIndex(ids, id => Path.GetFileNameWithoutExtension(id) == Path.GetFileNameWithoutExtension(expected[i].Text("file")));
            worst = Math.Max(worst, expected[i].GetProperty("embedding").Floats().Zip(values.Skip(20 * row), (a, b) => Math.Abs(a - b)).Max());
        }

        output.WriteLine($"{expected.Length} {kind}, worst absolute error {worst:e1}");
        Assert.True(worst <= 1e-4, $"The worst absolute error is {worst}.");
    }

    [Theory]
    [InlineData("queries")]
    [InlineData("texts")]
    [InlineData("images")]
    public async Task A_model_that_reads_both_gives_the_embeddings_of_the_reference(string kind)
    {
        string model = RepositoryPaths.Golden("joint", "embedding-gemma2");
        JsonElement[] expected = [.. GoldenJson.Read(Path.Combine(model, "expected.json")).GetProperty("cases").EnumerateArray().Where(item => kind switch
        {
            "queries" => item.Text("kind") == "composed" && item.Text("prompt") == "query" && item.Text("text").StartsWith("<|image|>", StringComparison.Ordinal),
            "texts" => item.Text("kind") == "text" && item.Text("prompt") == "document",
            _ => item.Text("kind") == "image" && item.GetProperty("prompt").ValueEquals("query"),
        })];
        string lines = _folder.File("lines.jsonl");
        string[] roles = kind == "texts" ? ["--role", "document"] : kind == "images" ? ["--role", "query"] : [];
        File.WriteAllLines(lines, expected.Select((item, i) => JsonSerializer.Serialize(new
        {
            id = kind == "images" ? Path.GetFileName(item.GetProperty("images")[0].GetString()!) : $"{i}",
            text = item.Text("text").Replace("<|image|>", string.Empty, StringComparison.Ordinal),
            images = item.GetProperty("images").EnumerateArray().Select(path => Path.Combine(model, path.GetString()!)),
        })));
        string file = _folder.File("embeddings.safetensors");
        string cut = _folder.File("cut.safetensors");
        string[] source = ["embed", "--model", model, $"--{kind}", kind == "images" ? Path.Combine(model, "images") : lines, .. roles];

        ToolOutcome outcome = await ToolProcess.RunAsync([.. source, "--out", file]);
        ToolOutcome cutOutcome = await ToolProcess.RunAsync([.. source, "--out", cut, "--dimensions", "16"]);

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.True(cutOutcome.ExitCode == 0, cutOutcome.Errors);
        TensorFile tensors = new(file);
        (int[] shape, float[] values) = tensors.Read("embeddings");
        Assert.Equal([expected.Length, 64], shape);
        string[] ids = JsonSerializer.Deserialize<string[]>(tensors.Header.GetProperty("__metadata__").Text("ids"))!;
        (int[] cutShape, float[] cutValues) = new TensorFile(cut).Read("embeddings");
        Assert.Equal([expected.Length, 16], cutShape);
        for (int i = 0; i < expected.Length; i++)
        {
            int row = kind == "images" ? Array.FindIndex(ids, id => id == Path.GetFileName(expected[i].GetProperty("images")[0].GetString()!)) : Array.IndexOf(ids, $"{i}");
            double[] reference = [.. expected[i].GetProperty("embedding").Floats().Select(value => (double)value)];
            double length = Math.Sqrt(reference.Take(16).Sum(value => value * value));
            Assert.All(reference.Zip(values.Skip(64 * row)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.All(reference.Take(16).Zip(cutValues.Skip(16 * row)), pair => Assert.Equal(pair.First / length, pair.Second, 1e-4));
        }
    }

    [Fact]
    public async Task A_bad_query_is_reported_and_the_others_are_written()
    {
        string model = RepositoryPaths.Golden("joint", "embedding-gemma2");
        string photo = Path.Combine(model, "images", "photo.png");
        string lines = _folder.File("queries.jsonl");
        File.WriteAllText(_folder.File("broken.png"), "no picture");
        File.WriteAllLines(lines, ((object[])
        [
            new { id = "good", text = "is red", images = new[] { photo } },
            new { id = "broken", text = "is red", images = new[] { "broken.png" } },
            new { id = "missing", text = "is red", images = new[] { "missing.png" } },
            new { id = "mark", text = "<|image|>is red", images = new[] { photo } },
            new { id = "text only", text = "a dress" },
        ]).Select(line => JsonSerializer.Serialize(line)));

        ToolOutcome outcome = await ToolProcess.RunAsync("embed", "--model", model, "--queries", lines, "--out", _folder.File("rows.safetensors"));

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Equal(2, outcome.Json.GetProperty("count").GetInt32());
        Assert.Equal(["broken", "mark", "missing"], outcome.Json.GetProperty("failed").EnumerateArray().Select(failed => failed.Text("file")).Order());
    }

    [Fact]
    public async Task A_model_of_two_towers_composes_no_queries_and_says_so()
    {
        string lines = _folder.Write("{\"text\": \"is red\"}", "queries.jsonl");
        string model = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

        ToolOutcome outcome = await ToolProcess.RunAsync("embed", "--model", model, "--queries", lines, "--out", _folder.File("rows.safetensors"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("embedding_gemma2", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patches_are_not_written_as_pictures_of_one_size()
    {
        string model = RepositoryPaths.Golden("joint", "embedding-gemma2");

        ToolOutcome outcome = await ToolProcess.RunAsync("preprocess", "--model", model, "--out", _folder.File("pixels.safetensors"), Path.Combine(model, "images", "photo.png"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("patches", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turbo_writes_the_pixels_of_skia_and_stands_in_its_place()
    {
        string[] photos = [.. Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "album", "photos"), "*.jpg", SearchOption.AllDirectories).Order().Take(20)];
        string[] files = [_folder.File("skia.safetensors"), _folder.File("turbo.safetensors")];
        foreach ((string file, string decoder) in files.Zip(["skia+magick", "turbo+magick"]))
        {
            ToolOutcome outcome = await Preprocess(decoder, file);
            Assert.True(outcome.ExitCode == 0, outcome.Errors);
        }

        Assert.True(File.ReadAllBytes(files[0]).AsSpan().SequenceEqual(File.ReadAllBytes(files[1])));
        ToolOutcome both = await Preprocess("skia+turbo", files[0]);
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("skia or turbo", both.Errors, StringComparison.Ordinal);

        Task<ToolOutcome> Preprocess(string decoder, string file)
            => ToolProcess.RunAsync(["preprocess", "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), "--out", file, "--decoder", decoder, .. photos]);
    }
}
