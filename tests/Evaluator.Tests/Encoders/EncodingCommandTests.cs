using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Evaluator.Tests.Encoders;

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
}
