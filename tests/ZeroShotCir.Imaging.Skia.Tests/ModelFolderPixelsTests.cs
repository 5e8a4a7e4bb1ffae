using System.Security.Cryptography;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>Preprocessing as model folders describe it, from encoded image to pixels.</summary>
public sealed class ModelFolderPixelsTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Fact]
    public void Every_good_golden_folder_gives_the_expected_pixels()
    {
        string models = RepositoryPaths.Golden("models");
        (int folders, int images) = (0, 0);
        foreach (string folder in Directory.GetDirectories(models).Order(StringComparer.Ordinal))
        {
            JsonElement expected = GoldenJson.Read(Path.Combine(folder, "expected.json"));
            if (!expected.GetProperty("ok").GetBoolean())
            {
                continue;
            }

            ImagePreprocessor preprocessor = new(Read(folder));
            foreach (JsonElement image in expected.GetProperty("images").EnumerateArray())
            {
                RgbImage decoded = Decoder.Decode(ImageData.FromFile(Path.Combine(folder, image.Text("file"))));
                byte[] bytes = new byte[3 * preprocessor.Width * preprocessor.Height];
                preprocessor.PreprocessToBytes(decoded, bytes);
                JsonElement pixels = image.GetProperty("pixels");
                Assert.Equal(pixels.Text("crop_rgb_sha256"), Convert.ToHexStringLower(SHA256.HashData(bytes)));
                images++;
            }

            folders++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{images} images of {folders} model folders");
        Assert.NotEqual(0, folders);
        Assert.InRange(images, folders, int.MaxValue);
    }

    [Fact]
    public void TinyFashion_gives_the_expected_pixels()
    {
        JsonElement expected = GoldenJson.Read(Path.Combine(RepositoryPaths.TinyFashion, "data", "expected.json"));
        ImagePreprocessor preprocessor = new(Read(Path.Combine(RepositoryPaths.TinyFashion, "models", "clip")));
        float[] tensor = new float[3 * preprocessor.Width * preprocessor.Height];
        int images = 0;
        foreach (JsonElement image in expected.GetProperty("embeddings").GetProperty("images").EnumerateArray())
        {
            preprocessor.Preprocess(Decoder.Decode(ImageData.FromFile(Path.Combine(RepositoryPaths.TinyFashion, "data", image.Text("file")))), tensor);
            Assert.Equal(image.Number("pixel_values_sum"), tensor.Sum(v => (double)v), 0.001);
            float[] first = image.GetProperty("pixel_values_first_8").Floats();
            for (int i = 0; i < first.Length; i++)
            {
                Assert.Equal(first[i], tensor[i], 1e-6f);
            }

            images++;
        }

        Assert.Equal(5, images);
    }

    private static ImagePreprocessing Read(string folder)
    {
        string openClip = Path.Combine(folder, "visual", "preprocess_cfg.json");
        return File.Exists(openClip)
            ? ImagePreprocessing.FromOpenClipConfig(openClip)
            : ImagePreprocessing.FromPreprocessorConfig(Path.Combine(folder, "preprocessor_config.json"));
    }
}
