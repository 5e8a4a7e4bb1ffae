using System.Numerics.Tensors;
using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Joint;

/// <summary>EmbeddingGemma 2's layout against transformers.js (ids, vectors) and Pillow (pixels).</summary>
public sealed class JointGoldenTests(ITestOutputHelper output)
{
    private const string Place = "<|image|>";
    private readonly string _folder = RepositoryPaths.Golden("joint", "embedding-gemma2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JsonElement Golden
        => field.ValueKind == JsonValueKind.Object ? field : field = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "expected.json"))).RootElement;

    [Fact]
    public void Pixels_and_soft_tokens_are_those_of_Pillow()
    {
        JointPixels settings = JointSettings.ReadPixels(_folder, null, ResizeOrder.Pillow12);
        double tolerance = Golden.GetProperty("tolerance").GetProperty("pixels").GetDouble();
        double worst = 0;
        foreach (JsonElement expected in Golden.GetProperty("images").EnumerateArray())
        {
            ImageData file = Image(expected.GetProperty("file").GetString()!);
            using RgbImage image = new SkiaImageDecoder().Decode(file);
            ImageSize target = settings.TargetOf(image.Width, image.Height);
            using JointRows rows = new(settings);
            new SkiaImageDecoder().DecodeRows(file, null, rows);
            float[] pixels = new float[settings.Patches * settings.PatchValues];
            long[] positions = new long[2 * settings.Patches];
            Array.Fill(pixels, 9f);

            Assert.Equal([target.Height, target.Width], expected.GetProperty("target").Deserialize<int[]>()!);
            Assert.Equal(expected.GetProperty("soft_tokens").GetInt32(), rows.Write(pixels, positions));
            JsonElement tensor = expected.GetProperty("pixels");
            Assert.Equal([1, settings.Patches, settings.PatchValues], tensor.GetProperty("shape").Deserialize<int[]>()!);
            Assert.InRange(pixels.Sum(value => (double)value) - tensor.GetProperty("sum").GetDouble(), -0.001, 0.001);
            foreach (JsonElement point in tensor.GetProperty("at").EnumerateArray())
            {
                float actual = pixels[(point.GetProperty("patch").GetInt32() * settings.PatchValues) + point.GetProperty("value").GetInt32()];
                worst = Math.Max(worst, Math.Abs(actual - point.GetProperty("is").GetDouble()));
            }

            int patches = target.Width / 16 * (target.Height / 16);
            Assert.Equal((target.Width / 16) - 1, positions[2 * (patches - 1)]);
            Assert.Equal((target.Height / 16) - 1, positions[(2 * (patches - 1)) + 1]);
            Assert.All(positions[(2 * patches)..], position => Assert.Equal(-1, position));
        }

        output.WriteLine($"worst pixel difference {worst:g3}");
        Assert.InRange(worst, 0, tolerance);
    }

    [Fact]
    public async Task Ids_and_vectors_of_every_case_are_those_of_the_reference()
    {
        double tolerance = Golden.GetProperty("tolerance").GetProperty("embeddings").GetDouble();
        using TemporaryFolder plain = WithoutPrompts();
        OnnxModelFolder model = OnnxModelFolder.Open(_folder);
        OnnxModelFolder promptless = OnnxModelFolder.Open(plain.Path);
        double worst = 0;
        int compared = 0;
        foreach (IGrouping<string?, JsonElement> cases in Golden.GetProperty("cases").EnumerateArray().GroupBy(item => item.GetProperty("prompt").GetString()))
        {
            OnnxModelFolder used = cases.Key is null ? promptless : model;
            EncodingRole role = cases.Key == "document" ? EncodingRole.Document : EncodingRole.Query;
            ComposedInput[] inputs = [.. cases.Select(Input)];
            using JointEncoder encoder = used.OpenJoint(typeof(JointGoldenTests), new SkiaImageDecoder(), null);
            JointRow[] rows = encoder.Prepare(inputs, 0, inputs.Length, role, cuts: false, Token);
            float[] vectors = new float[inputs.Length * encoder.Dimensions];
            encoder.Encode(inputs, role, cuts: false, vectors, Token);
            foreach ((JsonElement expected, int i) in cases.Select((item, i) => (item, i)))
            {
                Assert.Equal(expected.GetProperty("ids").Deserialize<int[]>()!, rows[i].Ids);
                float[] vector = vectors[(i * encoder.Dimensions)..((i + 1) * encoder.Dimensions)];
                worst = Math.Max(worst, TensorPrimitives.Distance<float>(vector, expected.GetProperty("embedding").Deserialize<float[]>()!));
                compared++;
            }
        }

        output.WriteLine($"{compared} cases, worst distance {worst:g3}");
        Assert.Equal(80, compared);
        Assert.InRange(worst, 0, tolerance);
        await CompareEncoders(model, tolerance);
    }

    [Fact]
    public async Task Mistakes_cost_what_the_reference_says_and_none_is_made()
    {
        using TemporaryFolder plain = WithoutPrompts();
        using OnnxComposedEncoder encoder = OnnxModelFolder.Open(_folder).CreateComposedEncoder(new SkiaImageDecoder());
        using OnnxComposedEncoder promptless = OnnxModelFolder.Open(plain.Path).CreateComposedEncoder(new SkiaImageDecoder());
        JsonElement[] cases = [.. Golden.GetProperty("cases").EnumerateArray()];
        JsonElement[] texts = [.. cases.Where(item => item.GetProperty("kind").GetString() == "text")];
        JsonElement[] images = [.. cases.Where(item => item.GetProperty("kind").GetString() == "image")];
        List<double> roles = [];
        foreach (JsonElement text in texts.Where(item => item.GetProperty("prompt").GetString() == "query"))
        {
            roles.Add(Cosine(await encoder.EncodeAsync(Input(text), EncodingRole.Document, Token), text));
        }

        List<double> orders = [];
        foreach (JsonElement item in cases.Where(item => item.GetProperty("kind").GetString() == "composed"
            && item.GetProperty("images").GetArrayLength() == 1
            && item.GetProperty("prompt").GetString() == "query"
            && item.GetProperty("text").GetString()!.StartsWith(Place, StringComparison.Ordinal)))
        {
            ComposedInput turned = new([.. Input(item).Parts.Reverse()]);
            orders.Add(Cosine(await encoder.EncodeAsync(turned, EncodingRole.Query, Token), item));
        }

        List<double> prompts = [];
        foreach (JsonElement item in images.Where(item => item.GetProperty("prompt").GetString() == "document"))
        {
            prompts.Add(Cosine(await promptless.EncodeAsync(Input(item), EncodingRole.Document, Token), item));
        }

        // Another image: how near the nearest two are, as we encode them.
        JsonElement[] asked = [.. images.Where(item => item.GetProperty("prompt").GetString() == "query")];
        List<float[]> pictures = [];
        foreach (JsonElement item in asked)
        {
            pictures.Add(await encoder.EncodeAsync(Input(item), EncodingRole.Query, Token));
            Assert.InRange(Cosine(pictures[^1], item), 1 - 1e-5, 1 + 1e-5);
        }

        double nearest = (from i in Enumerable.Range(0, pictures.Count) from j in Enumerable.Range(0, i) select Cosine(pictures[i], asked[j])).Max();
        double[] expected = [.. Golden.GetProperty("wrong").EnumerateObject().Select(mistake => mistake.Value.GetDouble())];
        Assert.InRange(roles.Min() - expected[0], -1e-3, 1e-3);
        Assert.InRange(orders.Min() - expected[1], -1e-3, 1e-3);
        Assert.InRange(prompts.Min() - expected[2], -1e-3, 1e-3);
        Assert.InRange(nearest - expected[3], -1e-3, 1e-3);
        output.WriteLine(
            $"the other role {roles.Min():f4}, sentence first {orders.Min():f4}, no prompt {prompts.Min():f4}, another image {nearest:f4}; "
            + $"expected {string.Join(", ", expected)}");
    }

    [Fact]
    public async Task A_row_is_the_same_alone_in_company_on_any_thread_and_with_soft_tokens_kept()
    {
        using OnnxComposedEncoder keeping = OnnxModelFolder.Open(_folder).CreateComposedEncoder(new SkiaImageDecoder());
        OnnxModelOptions options = new() { SoftTokenCacheBytes = 0, BatchSize = 7 };
        using OnnxComposedEncoder encoder = OnnxModelFolder.Open(_folder, options).CreateComposedEncoder(new SkiaImageDecoder());
        ComposedInput[] inputs = [.. Golden.GetProperty("cases").EnumerateArray().Where(item => item.GetProperty("prompt").GetString() == "query").Select(Input)];
        int dimensions = encoder.Info.Dimensions;
        float[] together = new float[inputs.Length * dimensions];
        await encoder.EncodeAsync(inputs, EncodingRole.Query, together, Token);
        float[][] onThreads = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            float[] rows = new float[together.Length];
            await encoder.EncodeAsync(inputs, EncodingRole.Query, rows, Token);
            return rows;
        }));
        Assert.All(onThreads, rows => Assert.Equal(together, rows));
        for (int i = 0; i < inputs.Length; i++)
        {
            float[] row = together[(i * dimensions)..((i + 1) * dimensions)];
            Assert.Equal(row, await encoder.EncodeAsync(inputs[i], EncodingRole.Query, Token));
            Assert.Equal(row, await keeping.EncodeAsync(inputs[i], EncodingRole.Query, Token));
            Assert.Equal(row, await keeping.EncodeAsync(inputs[i], EncodingRole.Query, Token));
        }
    }

    private async Task CompareEncoders(OnnxModelFolder model, double tolerance)
    {
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        using OnnxTextEncoder captions = model.CreateTextEncoder(EncodingRole.Document);
        foreach (JsonElement item in Golden.GetProperty("cases").EnumerateArray())
        {
            float[]? vector = (item.GetProperty("kind").GetString(), item.GetProperty("prompt").GetString()) switch
            {
                ("text", "query") => await texts.EncodeAsync(item.GetProperty("text").GetString()!, Token),
                ("text", "document") => await captions.EncodeAsync(item.GetProperty("text").GetString()!, Token),
                ("image", "document") => await images.EncodeAsync(Image(item.GetProperty("images")[0].GetString()!), Token),
                _ => null,
            };
            Assert.InRange(vector is null ? 0 : TensorPrimitives.Distance<float>(vector, item.GetProperty("embedding").Deserialize<float[]>()!), 0, tolerance);
        }
    }

    private static double Cosine(float[] vector, JsonElement item) => TensorPrimitives.CosineSimilarity<float>(vector, item.GetProperty("embedding").Deserialize<float[]>()!);

    private ImageData Image(string file) => ImageData.FromFile(Path.Combine(_folder, file));

    private ComposedInput Input(JsonElement item)
    {
        Queue<ImageData> images = new(item.GetProperty("images").EnumerateArray().Select(file => Image(file.GetString()!)));
        string[] texts = item.GetProperty("text").GetString()!.Split(Place);
        List<ComposedPart> parts = [];
        for (int i = 0; i < texts.Length; i++)
        {
            if (i > 0)
            {
                parts.Add(ComposedPart.FromImage(images.Dequeue()));
            }

            if (texts[i].Length > 0 || texts.Length == 1)
            {
                parts.Add(ComposedPart.FromText(texts[i]));
            }
        }

        return new ComposedInput(parts);
    }

    private TemporaryFolder WithoutPrompts()
    {
        TemporaryFolder copy = new();
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            string target = copy.File(Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }

        File.WriteAllText(copy.File("config_sentence_transformers.json"), """{"prompts": {"query": "", "document": ""} }""");
        return copy;
    }
}
