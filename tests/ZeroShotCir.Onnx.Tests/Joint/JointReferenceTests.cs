using System.Numerics.Tensors;
using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Joint;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tests.Graphs;

namespace ZeroShotCir.Tests.Joint;

/// <summary>
/// Ids and vectors of the published program, @huggingface/transformers 4.3.2 with onnxruntime-node, on the tests' own graphs: budgets, shapes that
/// need no resizing, several images, orders, roles and languages. The file says how its images are made.
/// </summary>
public sealed class JointReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JointReferenceTests() => TinyJointModel.Write(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(70, 47)]
    [InlineData(140, 22)]
    [InlineData(280, 12)]
    public async Task Ids_and_vectors_are_those_of_the_published_program(int budget, int count)
    {
        JsonElement[] cases = Cases(budget);
        Assert.Equal(count, cases.Length);
        foreach (int? dimensions in (int?[])[null, 4, 2])
        {
            OnnxModelFolder model = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { SoftTokens = budget, Dimensions = dimensions, BatchSize = 5 });
            using JointEncoder encoder = model.OpenJoint(typeof(JointReferenceTests), new FormulaDecoder(), new SoftTokenCache(1 << 20));
            foreach (IGrouping<string?, JsonElement> role in cases.GroupBy(item => item.GetProperty("role").GetString()))
            {
                EncodingRole asked = role.Key == "document" ? EncodingRole.Document : EncodingRole.Query;
                ComposedInput[] inputs = [.. role.Select(Input)];
                JointRow[] rows = encoder.Prepare(inputs, 0, inputs.Length, asked, cuts: false, Token);
                float[] vectors = new float[inputs.Length * encoder.Dimensions];
                encoder.Encode(inputs, asked, cuts: false, vectors, Token);
                foreach ((JsonElement item, int i) in role.Select((item, i) => (item, i)))
                {
                    Assert.Equal(item.GetProperty("ids").Deserialize<int[]>()!, rows[i].Ids);
                    float[] expected = item.GetProperty("embedding").Deserialize<float[]>()![..encoder.Dimensions];
                    double length = Math.Sqrt(expected.Sum(value => (double)value * value));
                    float[] vector = vectors[(i * expected.Length)..((i + 1) * expected.Length)];
                    Assert.All(expected.Zip(vector), pair => Assert.Equal(pair.First / length, pair.Second, 5e-6));
                }
            }
        }
    }

    [Fact]
    public async Task Another_budget_order_role_or_image_is_another_vector()
    {
        using OnnxComposedEncoder encoder = OnnxModelFolder.Open(_folder.Path).CreateComposedEncoder(new FormulaDecoder());
        using OnnxComposedEncoder finer = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { SoftTokens = 280 }).CreateComposedEncoder(new FormulaDecoder());
        foreach (JsonElement item in Cases(70).Where(item => item.GetProperty("parts").GetArrayLength() == 2))
        {
            ComposedInput input = Input(item);
            EncodingRole role = item.GetProperty("role").GetString() == "document" ? EncodingRole.Document : EncodingRole.Query;
            float[] right = await encoder.EncodeAsync(input, role, Token);
            ComposedPart[] otherImage = [.. input.Parts.Select(
                part => part.Image is { } image ? ComposedPart.FromImage(FormulaDecoder.Image(image.Data.Span[0], image.Data.Span[1], (byte)(image.Data.Span[2] + 1))) : part)];
            float[][] wrong =
            [
                await encoder.EncodeAsync(input, role == EncodingRole.Query ? EncodingRole.Document : EncodingRole.Query, Token),
                await encoder.EncodeAsync(new ComposedInput(otherImage), role, Token),
                await finer.EncodeAsync(input, role, Token),
                .. input.Parts.Any(part => part.Text == "") ? [] : new[] { await encoder.EncodeAsync(new ComposedInput([.. input.Parts.Reverse()]), role, Token) },
            ];
            Assert.All(wrong, vector => Assert.True(TensorPrimitives.Distance<float>(right, vector) > 1e-4f));
        }
    }

    [Theory]
    [InlineData("_quantized", "_quantized", "q8")]
    [InlineData("_fp16", "_q4", "fp16")]
    [InlineData("_q4f16", "_q4f16", "q4f16")]
    public void Variants_are_found_by_the_usual_suffixes(string vision, string text, string precision)
    {
        string At(string name) => _folder.File("onnx", name);
        File.Move(At("vision_encoder.onnx"), At($"vision_encoder{vision}.onnx"));
        File.Move(At("model.onnx"), At($"model{text}.onnx"));
        ModelInspection found = OnnxModelFolder.Open(_folder.Path).Inspect();
        Assert.Equal($"onnx/vision_encoder{vision}.onnx", found.Graphs["image"].File);
        Assert.Equal($"onnx/model{text}.onnx", found.Graphs["text"].File);
        Assert.All(found.Graphs.Values, graph => Assert.True(graph.Bytes > 0));
        OnnxModelFolder asked = OnnxModelFolder.Open(_folder.Path, new OnnxModelOptions { Precision = vision == text ? ModelPrecision.Parse(precision) : null });
        Assert.StartsWith("embedding_gemma2-", asked.ModelId, StringComparison.Ordinal);
    }

    private static JsonElement[] Cases(int budget)
        => [.. GoldenJson.Read(Path.Combine(RepositoryPaths.Root, "tests", "ZeroShotCir.Onnx.Tests", "Joint", "Reference", "transformersjs.json"))
        .GetProperty("cases").EnumerateArray().Where(item => item.GetProperty("budget").GetInt32() == budget)];

    private static ComposedInput Input(JsonElement item) => new([.. item.GetProperty("parts").EnumerateArray().Select(part => part.TryGetProperty("text", out JsonElement text)
        ? ComposedPart.FromText(text.GetString()!)
        : ComposedPart.FromImage(FormulaDecoder.Image(part.GetProperty("width").GetByte(), part.GetProperty("height").GetByte(), (byte)part.GetProperty("seed").GetInt32())))]);

    /// <summary>Decodes three bytes (width, height, seed) as the image whose byte at (x, y, c) is (7x + 13y + 29c + 31·seed) mod 256.</summary>
    private sealed class FormulaDecoder : IImageDecoder
    {
        public string Name => "formula";

        public static ImageData Image(byte width, byte height, byte seed) => new(new byte[] { width, height, seed }, "image/formula");

        public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
        {
            (int width, int height, int seed) = (encoded[0], encoded[1], encoded[2]);
            byte[] pixels = new byte[3 * width * height];
            for (int i = 0; i < pixels.Length; i++)
            {
                (int x, int y, int c) = (i / 3 % width, i / 3 / width, i % 3);
                pixels[i] = (byte)((x * 7) + (y * 13) + (c * 29) + (seed * 31));
            }

            return new RgbImage(pixels, width, height);
        }
    }
}
