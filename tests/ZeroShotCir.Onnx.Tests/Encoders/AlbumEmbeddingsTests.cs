using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Encoders;

/// <summary>A person's untidy picture folder through decoder, preprocessing and graph, against rows that reference code computed.</summary>
public sealed class AlbumEmbeddingsTests
{
    private static readonly string Album = Path.Combine(RepositoryPaths.TinyFashion, "album");

    [Theory]
    [InlineData(ImageOrientation.Apply, "embeddings.f32")]
    [InlineData(ImageOrientation.Ignore, "embeddings_unturned.f32")]
    public async Task Every_picture_gets_the_row_that_it_should(ImageOrientation orientation, string rowsFile)
    {
        OnnxModelOptions options = new() { DecodeOptions = new DecodeOptions { Orientation = orientation }, ResizeOrder = ResizeOrder.Pillow13 };
        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip"), options);
        using OnnxImageEncoder encoder = model.CreateImageEncoder(new SkiaImageDecoder());
        int dimensions = encoder.Info.Dimensions;
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Album, rowsFile))).ToArray();
        JsonElement files = GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("files");
        string[] names = [.. GoldenJson.Read(Path.Combine(Album, "names.json")).EnumerateArray().Select(name => name.GetString()!)];
        JsonElement[] read = [.. files.EnumerateArray().Where(file => file.Text("format") is "jpeg" or "png" or "webp" or "gif" or "bmp")];
        float[] rows = new float[read.Length * dimensions];
        await encoder.EncodeAsync(
            [.. read.Select(file => ImageData.FromFile(Path.Combine(Album, "photos", file.Text("path"))))], rows, TestContext.Current.CancellationToken);
        (double worst, double worstLossless) = (1, 0);
        for (int i = 0; i < read.Length; i++)
        {
            int ordinal = Array.IndexOf(names, read[i].Text("path"));
            ReadOnlySpan<float> row = rows.AsSpan(i * dimensions, dimensions);
            ReadOnlySpan<float> right = expected.AsSpan(ordinal * dimensions, dimensions);
            double cosine = TensorPrimitives.CosineSimilarity(row, right);
            Assert.True(cosine > 0.999, $"{read[i].Text("path")}: {cosine}");
            worst = Math.Min(worst, cosine);
            if (read[i].TryGetProperty("sha256", out _))
            {
                worstLossless = Math.Max(worstLossless, TensorPrimitives.Distance(row, right) / TensorPrimitives.Norm(right));
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{read.Length} rows, worst cosine {worst}, worst relative distance of lossless files {worstLossless}");
        Assert.InRange(worstLossless, 0, 1e-5);
    }
}
