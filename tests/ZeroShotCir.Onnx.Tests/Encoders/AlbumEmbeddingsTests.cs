using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
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

    [Fact]
    public async Task At_reduced_resolution_rows_are_nearly_those_that_they_should_be()
    {
        (float[] full, _) = await EncodeAsync(ImageResolution.Full);
        (float[] reduced, int dimensions) = await EncodeAsync(ImageResolution.Reduced);
        double[] cosines = [.. full.Chunk(dimensions).Zip(reduced.Chunk(dimensions), (a, b) => (double)TensorPrimitives.CosineSimilarity(a, b)).Order()];
        int changed = full.Chunk(dimensions).Zip(reduced.Chunk(dimensions), (a, b) => a.SequenceEqual(b) ? 0 : 1).Sum();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{changed} of {cosines.Length} rows changed; cosine: worst {cosines[0]}, hundredth {cosines[cosines.Length / 100]}, "
            + $"mean of the changed {1 - ((cosines.Length - cosines.Sum()) / changed)}");
        Assert.InRange(changed, 50, cosines.Length);
        Assert.InRange(cosines[0], 0.98, 1.000001);

        static async Task<(float[] Rows, int Dimensions)> EncodeAsync(ImageResolution resolution)
        {
            OnnxModelFolder model = OnnxModelFolder.Open(
                Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip"), new OnnxModelOptions { DecodeOptions = new DecodeOptions { Resolution = resolution } });
            using OnnxImageEncoder encoder = model.CreateImageEncoder(new SkiaImageDecoder());
            ImageData[] images =
            [
                .. GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("files").EnumerateArray().Where(file => file.Text("format") == "jpeg")
                    .Select(file => ImageData.FromFile(Path.Combine(Album, "photos", file.Text("path")))),
            ];
            float[] rows = new float[images.Length * encoder.Info.Dimensions];
            await encoder.EncodeAsync(images, rows, TestContext.Current.CancellationToken);
            return (rows, encoder.Info.Dimensions);
        }
    }

    [Fact]
    public async Task Rows_do_not_depend_on_what_else_is_encoded_nor_on_how_many_threads()
    {
        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip"));
        using OnnxImageEncoder encoder = model.CreateImageEncoder(new SkiaImageDecoder());
        int dimensions = encoder.Info.Dimensions;
        JsonElement[] files =
        [
            .. GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("files").EnumerateArray()
                .Where(file => file.Text("format") is "jpeg" or "png" or "webp" or "gif" or "bmp").DistinctBy(file => file.GetProperty("stored").GetRawText()).Take(320),
        ];
        ImageData[] images = [.. files.Select(file => ImageData.FromFile(Path.Combine(Album, "photos", file.Text("path"))))];
        Assert.True(images.Length >= 300);
        float[] alone = new float[images.Length * dimensions];
        for (int i = 0; i < images.Length; i++)
        {
            // Nothing is shared with what came before: an encoder of its own, a batch of one.
            using OnnxImageEncoder fresh = model.CreateImageEncoder(new SkiaImageDecoder());
            await fresh.EncodeAsync([images[i]], alone.AsMemory(i * dimensions, dimensions), TestContext.Current.CancellationToken);
        }

        foreach (int threads in (int[])[1, 2, 8])
        {
            // Ever other orders and batches, as many callers at once.
            int[] order = [.. Enumerable.Range(0, images.Length)];
            new Random(threads).Shuffle(order);
            float[] rows = new float[alone.Length];
            await Parallel.ForEachAsync(order.Chunk(37), new ParallelOptions { MaxDegreeOfParallelism = threads }, async (chunk, token) =>
            {
                float[] some = new float[chunk.Length * dimensions];
                await encoder.EncodeAsync([.. chunk.Select(i => images[i])], some, token);
                for (int i = 0; i < chunk.Length; i++)
                {
                    some.AsSpan(i * dimensions, dimensions).CopyTo(rows.AsSpan(chunk[i] * dimensions));
                }
            });
            int[] wrong = [.. Enumerable.Range(0, images.Length).Where(i => !rows.AsSpan(i * dimensions, dimensions).SequenceEqual(alone.AsSpan(i * dimensions, dimensions)))];
            Assert.True(
                wrong.Length == 0, $"{threads} threads: {wrong.Length} of {images.Length} rows differ, the first of '{(wrong.Length > 0 ? files[wrong[0]].Text("path") : "")}'");
        }
    }
}
