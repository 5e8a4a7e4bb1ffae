using System.Numerics.Tensors;
using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Encoders;

/// <summary>BGE-VL: two towers that were trained to be asked by the sum of what they write.</summary>
public sealed class SummingModelTests(ITestOutputHelper output)
{
    private static readonly string Clip = Path.Combine(RepositoryPaths.TinyFashion, "models", "clip");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Composed_queries_are_those_of_the_published_code()
    {
        string folder = RepositoryPaths.Golden("exported", "bge-vl");
        JsonElement golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json"))).RootElement;
        using OnnxComposedEncoder encoder = OnnxModelFolder.Open(folder, new OnnxModelOptions { ResizeOrder = ResizeOrder.Pillow13 }).CreateComposedEncoder(new SkiaImageDecoder());
        JsonElement[] cases = [.. golden.GetProperty("composed").EnumerateArray()];
        ComposedInput[] inputs = [.. cases.Select(
            item => new ComposedInput(item.GetProperty("text").GetString()!, ImageData.FromFile(Path.Combine(folder, item.GetProperty("image").GetString()!))))];
        int dimensions = encoder.Info.Dimensions;
        float[] rows = new float[inputs.Length * dimensions];
        await encoder.EncodeAsync(inputs, EncodingRole.Query, rows, Token);
        double worst = cases.Select((item, i) => (double)TensorPrimitives.Distance<float>(
            rows.AsSpan(i * dimensions, dimensions), item.GetProperty("embedding").Deserialize<float[]>()!)).Max();

        output.WriteLine($"{cases.Length} composed queries, worst distance {worst:g3}");
        Assert.Equal(CompositionKind.Averaged, encoder.Kind);
        Assert.InRange(worst, 0, golden.GetProperty("tolerance").GetProperty("embeddings").GetDouble());
    }

    [Theory]
    [InlineData("architectures", """["MMRetCLIPModel"]""")]
    [InlineData("auto_map", """{"AutoModel": "modeling_MMRet_CLIP.CLIPModel"}""")]
    [InlineData("_name_or_path", "\"BAAI/BGE-VL-base\"")]
    public async Task A_configuration_that_names_the_model_makes_its_folder_compose(string field, string value)
    {
        using TemporaryFolder folder = new();
        Copy(Clip, folder);
        OnnxModelFolder plain = OnnxModelFolder.Open(folder.Path);
        Assert.Equal((CompositionKind.Separate, false), (plain.Composition, plain.Composes));
        System.Text.Json.Nodes.JsonNode config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        config[field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        OnnxModelFolder model = OnnxModelFolder.Open(folder.Path);
        ImageData picture = ImageData.FromFile(
            Directory.EnumerateFiles(Path.Combine(RepositoryPaths.TinyFashion, "album", "photos"), "*.png", SearchOption.AllDirectories).Order().First());
        SkiaImageDecoder decoder = new();
        using OnnxComposedEncoder encoder = model.CreateComposedEncoder(decoder);
        using OnnxImageEncoder images = model.CreateImageEncoder(decoder);
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        float[] image = await images.EncodeAsync(picture, Token), text = await texts.EncodeAsync("a red dress", Token);
        float[] sum = [.. image.Zip(text).Select(pair => pair.First + pair.Second)];

        Assert.Equal(CompositionKind.Averaged, model.Inspect().Composition);
        Assert.Contains(model.Inspect().Notes, note => note.Contains("BGE-VL", StringComparison.Ordinal));
        float[] composed = await encoder.EncodeAsync(new ComposedInput("a red dress", picture), EncodingRole.Query, Token);
        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(sum, composed), 1 - 1e-6f, 1 + 1e-6f);

        // What it composes is searched for among the model's own images.
        GalleryModel.FromEncoders(images, texts).ThrowIfOther(null, null, encoder.Info);
    }

    private static void Copy(string source, TemporaryFolder target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = target.File(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
