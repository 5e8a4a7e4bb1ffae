using System.Text.Json;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Models;

/// <summary>Every folder of two towers that real exporters wrote: opened and right in ids, pixels and embeddings, or refused in the listed words.</summary>
public sealed class ExportedFolderTests
{
    private const string NoFolders = "(golden data is not available)";

    private static bool HasVnni => OperatingSystem.IsLinux() && File.ReadAllText("/proc/cpuinfo").Contains("vnni", StringComparison.Ordinal);

    public static TheoryData<string> Names => [.. ExportedFolder.Towers.DefaultIfEmpty(NoFolders)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_folder_agrees_with_the_reference_or_is_refused(string name)
    {
        Assert.SkipWhen(name == NoFolders, NoFolders);
        ExportedFolder folder = ExportedFolder.Open(name);
        if (!folder.IsOk)
        {
            InvalidModelException error = await Assert.ThrowsAsync<InvalidModelException>(async () =>
            {
                using OnnxTextEncoder texts = OnnxModelFolder.Open(folder.Path).CreateTextEncoder();
                await texts.EncodeAsync("a dress", TestContext.Current.CancellationToken);
            });
            Assert.All(folder.Expected.GetProperty("error").EnumerateArray(), word => Assert.Contains(word.GetString()!, error.Message, StringComparison.Ordinal));
            return;
        }

        CheckIds(folder, OnnxModelFolder.Open(folder.Path));
        CheckPixels(folder, OnnxModelFolder.Open(folder.Path, AsReference(null)));
        foreach (ExportedVariant variant in folder.Variants())
        {
            await CheckEmbeddingsAsync(folder, variant);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_row_does_not_depend_on_what_is_encoded_beside_it(string name)
    {
        Assert.SkipWhen(name == NoFolders, NoFolders);
        ExportedFolder folder = ExportedFolder.Open(name);
        Assert.SkipUnless(folder.IsOk, "Refused.");
        ImageData[] pictures = [.. folder.Images.Select(image => ImageData.FromFile(Path.Combine(folder.Path, image.Text("file"))))];
        foreach (ExportedVariant variant in folder.Variants())
        {
            // Graphs that are no tests have more than one thread.
            OnnxModelOptions options = AsReference(variant.Precision);
            options.Execution.Threads = 2;
            OnnxModelFolder model = OnnxModelFolder.Open(folder.Path, options);
            using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
            using OnnxTextEncoder texts = model.CreateTextEncoder();
            CancellationToken token = TestContext.Current.CancellationToken;
            EmbeddingMatrix imagesTogether = await images.EncodeAsync(pictures, token);
            EmbeddingMatrix textsTogether = await texts.EncodeAsync(folder.Sentences, token);
            for (int i = 0; i < pictures.Length; i++)
            {
                Assert.Equal(imagesTogether[i].ToArray(), await images.EncodeAsync(pictures[i], token));
            }

            for (int i = 0; i < folder.Sentences.Length; i++)
            {
                Assert.Equal(textsTogether[i].ToArray(), await texts.EncodeAsync(folder.Sentences[i], token));
            }
        }
    }

    /// <summary>The references were computed by Pillow 13, from the files' own pixels.</summary>
    private static OnnxModelOptions AsReference(ModelPrecision? precision) => new()
    {
        Precision = precision,
        ResizeOrder = ResizeOrder.Pillow13,
        DecodeOptions = new DecodeOptions { Orientation = ImageOrientation.Ignore },
    };

    private static void CheckIds(ExportedFolder folder, OnnxModelFolder model)
    {
        foreach (JsonElement text in folder.Texts)
        {
            TokenizedText ids = model.Tokenize(text.Text("text"));
            Assert.Equal(text.GetProperty("ids").Ints(), ids.Ids.Take(ids.Tokens));
            if (text.TryGetProperty("padded_ids", out JsonElement padded))
            {
                Assert.Equal(padded.Ints(), ids.Ids);
            }
        }
    }

    private static void CheckPixels(ExportedFolder folder, OnnxModelFolder model)
    {
        ImagePreprocessor preprocessor = new(model.Preprocessing!);
        foreach (JsonElement image in folder.Images.Where(image => IsExact(image)))
        {
            using RgbImage decoded = new SkiaImageDecoder().Decode(
                ImageData.FromFile(Path.Combine(folder.Path, image.Text("file"))), new DecodeOptions { Orientation = ImageOrientation.Ignore });
            float[] pixels = new float[3 * preprocessor.Height * preprocessor.Width];
            preprocessor.Preprocess(decoded, pixels);
            JsonElement expected = ExportedFolder.InRgb(image).GetProperty("pixels");
            Assert.Equal<int[]>([1, 3, preprocessor.Height, preprocessor.Width], expected.GetProperty("shape").Ints());
            foreach (JsonElement at in expected.GetProperty("at").EnumerateArray())
            {
                int index = (((at.GetProperty("channel").GetInt32() * preprocessor.Height) + at.GetProperty("y").GetInt32()) * preprocessor.Width) + at.GetProperty("x").GetInt32();
                Assert.Equal(at.Number("value"), pixels[index], 2e-6);
            }

            Assert.Equal(expected.Number("sum"), pixels.Sum(value => (double)value), 0.02);
        }
    }

    private static async Task CheckEmbeddingsAsync(ExportedFolder folder, ExportedVariant variant)
    {
        OnnxModelFolder model = OnnxModelFolder.Open(folder.Path, AsReference(variant.Precision));
        using OnnxImageEncoder images = model.CreateImageEncoder(new SkiaImageDecoder());
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        Assert.Equal(folder.Expected.GetProperty("dimensions").GetInt32(), images.Info.Dimensions);
        Assert.Equal(folder.Expected.GetProperty("unit_length").GetBoolean(), images.Info.IsUnitLength);
        Assert.Equal(images.Info with { Reading = null }, texts.Info);

        ImageData[] pictures = [.. folder.Images.Select(image => ImageData.FromFile(Path.Combine(folder.Path, image.Text("file"))))];
        EmbeddingMatrix imageRows = await images.EncodeAsync(pictures, TestContext.Current.CancellationToken);
        EmbeddingMatrix textRows = await texts.EncodeAsync(folder.Sentences, TestContext.Current.CancellationToken);
        double imageError = Enumerable.Range(0, pictures.Length).Where(i => IsExact(folder.Images[i])).Max(i => Difference(variant.Images[i], imageRows[i]));
        double textError = Enumerable.Range(0, folder.Texts.Length).Max(i => Difference(variant.Texts[i], textRows[i]));
        bool compares = HasVnni || !(variant.IsEightBit || folder.Name == "clip-qdq");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{folder.Name} {variant.Precision}: "
            + $"{pictures.Length} images within {imageError:e1}, {folder.Texts.Length} texts within {textError:e1}, "
            + $"tolerance {variant.Tolerance:e1}{(compares ? "" : " (not compared: no VNNI)")}");
        if (compares)
        {
            Assert.InRange(imageError, 0, variant.Tolerance);
            Assert.InRange(textError, 0, variant.Tolerance);
        }
    }

    /// <summary>Whether pixels are the same to the bit: JPEG decoders may differ by a grey level.</summary>
    private static bool IsExact(JsonElement image) => !image.Text("file").EndsWith(".jpg", StringComparison.Ordinal);

    private static double Difference(float[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]));
        }

        return worst;
    }
}
