using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.ImageSharp;
using ZeroShotCir.Imaging.Magick;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests;

/// <summary>A person's untidy picture folder through a chain of decoders: all of its eight formats.</summary>
public sealed class AlbumTests
{
    private static readonly string Album = Path.Combine(RepositoryPaths.TinyFashion, "album");
    private static readonly JsonElement Expected = GoldenJson.Read(Path.Combine(Album, "expected.json"));
    private static readonly DecoderChain Chain = new(new SkiaImageDecoder(), new MagickImageDecoder());

    [Fact]
    public async Task Every_picture_gets_its_pixels_and_its_row()
    {
        OnnxModelFolder model = OnnxModelFolder.Open(
            Path.Combine(RepositoryPaths.TinyFashion, "album-models", "clip"), new OnnxModelOptions { ResizeOrder = ResizeOrder.Pillow13 });
        using OnnxImageEncoder encoder = model.CreateImageEncoder(Chain);
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Album, "embeddings.f32"))).ToArray();
        JsonElement[] files = [.. Expected.GetProperty("files").EnumerateArray()];
        int[] ordinals = [.. files.Select(f => Array.IndexOf(Names(), f.Text("path")))];
        ImageData[] images = [.. files.Select(f => ImageData.FromFile(Photo(f)))];
        int dimensions = encoder.Info.Dimensions;
        float[] rows = new float[images.Length * dimensions];
        await encoder.EncodeAsync(images, rows, TestContext.Current.CancellationToken);
        (int exact, double worst) = (0, 1);
        for (int i = 0; i < files.Length; i++)
        {
            using RgbImage image = Chain.Decode(images[i]);
            Assert.True(files[i].GetProperty("upright").EnumerateArray().Select(edge => edge.GetInt32()).SequenceEqual([image.Width, image.Height]), files[i].Text("path"));
            if (files[i].TryGetProperty("sha256", out JsonElement hash))
            {
                Assert.True(hash.GetString() == Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Span)), files[i].Text("path"));
                exact++;
            }

            double cosine = TensorPrimitives.CosineSimilarity(rows.AsSpan(i * dimensions, dimensions), expected.AsSpan(ordinals[i] * dimensions, dimensions));
            Assert.True(cosine > 0.999, $"{files[i].Text("path")}: {cosine}");
            worst = Math.Min(worst, cosine);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{files.Length} pictures, {exact} equal byte for byte, worst cosine {worst}");
        Assert.Equal(Expected.GetProperty("about").GetProperty("gallery").GetInt32(), files.Length);
    }

    [Fact]
    public void Unreadable_files_are_refused_in_words_by_every_chain()
    {
        DecoderChain managed = new(new ImageSharpImageDecoder(), new MagickImageDecoder());
        foreach (JsonElement file in Expected.GetProperty("unreadable").EnumerateArray())
        {
            foreach (DecoderChain chain in (DecoderChain[])[Chain, managed])
            {
                InvalidImageException refusal = Assert.Throws<InvalidImageException>(() => chain.Decode(ImageData.FromFile(Photo(file))));
                Assert.Contains(file.Text("path"), refusal.Message, StringComparison.Ordinal);
                TestContext.Current.TestOutputHelper!.WriteLine(refusal.Message);
            }
        }
    }

    [Fact]
    public void One_picture_in_many_formats_is_one_picture()
    {
        string folder = RepositoryPaths.Golden("..", "cases", "formats");
        JsonElement expected = GoldenJson.Read(Path.Combine(folder, "expected.json"));
        byte[] truth = Chain.Decode(ImageData.FromFile(Path.Combine(folder, expected.Text("truth")))).Pixels.ToArray();
        foreach (JsonElement file in expected.GetProperty("files").EnumerateArray())
        {
            byte[] pixels = Chain.Decode(ImageData.FromFile(Path.Combine(folder, file.Text("file")))).Pixels.ToArray();
            double difference = pixels.Zip(truth, (a, b) => Math.Abs(a - b)).Average();
            TestContext.Current.TestOutputHelper!.WriteLine($"{file.Text("file")}: {difference:0.000}");
            Assert.True(difference <= file.GetProperty("mean_abs_tolerance").GetDouble(), $"{file.Text("file")}: {difference}");
        }

        foreach (JsonElement name in expected.GetProperty("others").EnumerateArray())
        {
            Assert.Equal(truth.Length, Chain.Decode(ImageData.FromFile(Path.Combine(folder, name.GetString()!))).Pixels.Length);
        }
    }

    private static string[] Names() => [.. GoldenJson.Read(Path.Combine(Album, "names.json")).EnumerateArray().Select(name => name.GetString()!)];

    private static string Photo(JsonElement file) => Path.Combine(Album, "photos", file.Text("path"));
}
