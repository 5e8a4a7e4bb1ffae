using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Preprocessing;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>Pixels against Pillow's and torchvision's: <c>preprocess/</c> of the golden data.</summary>
public sealed class GoldenPreprocessTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    private static readonly Dictionary<string, ImagePreprocessing> Transforms = new()
    {
        ["clip224"] = new(),
        ["clip224_hf"] = new() { CropRounding = CropRounding.Floor },
        ["clip336"] = new() { Size = ImageSize.Square(336), Crop = ImageSize.Square(336) },
        ["siglip224"] = Squash(224) with { Mean = new(0.5f, 0.5f, 0.5f), Std = new(0.5f, 0.5f, 0.5f) },
        ["vit224_bilinear"] = Squash(224) with { Filter = ResampleFilter.Bilinear },
        ["blip384"] = Squash(384),
        ["mobileclip256"] = new() { Size = ImageSize.Square(256), Crop = ImageSize.Square(256), Filter = ResampleFilter.Bilinear },
        ["targetpad224"] = new() { Padding = ImagePadding.Target(1.25) },
        ["targetpad384"] = new() { Padding = ImagePadding.Target(1.25), Size = ImageSize.Square(384), Crop = ImageSize.Square(384) },
        ["squarepad224"] = new() { Padding = ImagePadding.Square },
    };

    [Fact]
    public void Lossless_sources_decode_byte_for_byte()
    {
        string folder = RepositoryPaths.Golden("preprocess");
        int equal = 0;
        foreach (JsonElement image in ImagesOf(folder).Where(i => i.Text("decode") == "exact"))
        {
            string file = image.Text("file");
            RgbImage decoded = Decode(folder, file);
            Assert.Equal((image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32()), (decoded.Width, decoded.Height));
            if (image.TryGetProperty("decoded_rgb", out JsonElement reference))
            {
                Assert.True(decoded.Pixels.Span.SequenceEqual(Decode(folder, reference.GetString()!).Pixels.Span), file);
            }

            equal++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{equal} lossless sources decode byte for byte");
        Assert.NotEqual(0, equal);
    }

    [Fact]
    public void Lossy_sources_decode_nearly_as_Pillow_does()
    {
        string folder = RepositoryPaths.Golden("preprocess");
        int compared = 0;
        foreach (JsonElement image in ImagesOf(folder).Where(i => i.Text("decode") == "lossy"))
        {
            ReadOnlySpan<byte> ours = Decode(folder, image.Text("file")).Pixels.Span;
            ReadOnlySpan<byte> theirs = Decode(folder, image.Text("decoded_rgb")).Pixels.Span;
            Assert.Equal(theirs.Length, ours.Length);
            long sum = 0;
            int largest = 0;
            for (int i = 0; i < ours.Length; i++)
            {
                int difference = Math.Abs(ours[i] - theirs[i]);
                sum += difference;
                largest = Math.Max(largest, difference);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"{image.GetProperty("file")}: mean difference {(double)sum / ours.Length:F4}, largest {largest}");
            Assert.InRange((double)sum / ours.Length, 0, 1);
            Assert.InRange(largest, 0, 10);
            compared++;
        }

        Assert.NotEqual(0, compared);
    }

    [Fact]
    public void Every_transform_of_every_image_is_byte_equal()
    {
        string folder = RepositoryPaths.Golden("preprocess");
        Dictionary<string, int> counts = [];
        foreach (JsonElement image in ImagesOf(folder))
        {
            string file = image.Text("file");
            RgbImage source = Decode(folder, image.TryGetProperty("decoded_rgb", out JsonElement rgb) ? rgb.GetString()! : file);
            JsonElement expected = image.GetProperty("expected");
            foreach (JsonProperty transform in expected.EnumerateObject())
            {
                // Two transforms start in the image's own mode; ours start in RGB, which is stored beside them.
                bool rgbFirst = transform.Name.EndsWith("_rgbfirst", StringComparison.Ordinal);
                if (transform.Name == "clip224_openai" || (!rgbFirst && expected.TryGetProperty(transform.Name + "_rgbfirst", out _)))
                {
                    continue;
                }

                string name = rgbFirst ? transform.Name[..^"_rgbfirst".Length] : transform.Name;
                ImagePreprocessor preprocessor = new(Transforms[name]);
                byte[] actual = new byte[3 * preprocessor.Width * preprocessor.Height];
                preprocessor.PreprocessToBytes(source, actual);
                RgbImage wanted = Decode(folder, transform.Value.Text("png"));
                Assert.Equal((wanted.Width, wanted.Height), (preprocessor.Width, preprocessor.Height));
                Assert.True(wanted.Pixels.Span.SequenceEqual(actual), $"{file} {transform.Name}");
                counts[transform.Name] = counts.GetValueOrDefault(transform.Name) + 1;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")));
        Assert.NotEmpty(counts);
    }

    [Fact]
    public void Whole_tensors_are_within_a_millionth()
    {
        string folder = RepositoryPaths.Golden("preprocess");
        int tensors = 0;
        foreach (JsonElement image in ImagesOf(folder))
        {
            foreach (JsonProperty transform in image.GetProperty("expected").EnumerateObject())
            {
                if (transform.Value.TryGetProperty("f32", out JsonElement path))
                {
                    ImagePreprocessor preprocessor = new(Transforms[transform.Name]);
                    float[] actual = new float[3 * preprocessor.Width * preprocessor.Height];
                    preprocessor.Preprocess(Decode(folder, image.Text("file")), actual);
                    ReadOnlySpan<float> expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, path.GetString()!)));
                    AssertClose(expected, actual);
                    tensors++;
                }
            }
        }

        Assert.NotEqual(0, tensors);
    }

    [Fact]
    public void Every_byte_normalises_within_a_millionth()
    {
        JsonElement table = GoldenJson.Read(RepositoryPaths.Golden("preprocess", "normalize_lut.json"));
        byte[] ramp = new byte[256 * 3];
        for (int i = 0; i < ramp.Length; i++)
        {
            ramp[i] = (byte)(i / 3);
        }

        int normalisations = 0;
        foreach (JsonProperty normalisation in table.EnumerateObject())
        {
            ImagePreprocessor preprocessor = new(new ImagePreprocessing
            {
                Resize = ResizeMode.None,
                Crop = new ImageSize(256, 1),
                Mean = Channels(normalisation.Value.GetProperty("mean")),
                Std = Channels(normalisation.Value.GetProperty("std")),
            });
            float[] actual = new float[3 * 256];
            preprocessor.Preprocess(new RgbImage(ramp, 256, 1), actual);
            float[] expected = [.. normalisation.Value.GetProperty("values").EnumerateArray().SelectMany(c => c.EnumerateArray()).Select(v => v.GetSingle())];
            AssertClose(expected, actual);
            normalisations++;
        }

        Assert.NotEqual(0, normalisations);
    }

    private static ImagePreprocessing Squash(int edge) => new() { Resize = ResizeMode.Exact, Size = ImageSize.Square(edge), Crop = null };

    private static RgbValues Channels(JsonElement values) => new(values[0].GetSingle(), values[1].GetSingle(), values[2].GetSingle());

    // The references were made by Image.open, which turns nothing.
    private static RgbImage Decode(string folder, string file)
        => Decoder.Decode(ImageData.FromFile(Path.Combine(folder, file)), new DecodeOptions { Orientation = ImageOrientation.Ignore });

    private static JsonElement.ArrayEnumerator ImagesOf(string folder)
        => GoldenJson.Read(Path.Combine(folder, "manifest.json")).GetProperty("images").EnumerateArray();

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        int different = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
            different += expected[i] == actual[i] ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{actual.Length} values, {different} not bit-equal, largest difference {largest}");
        Assert.InRange(largest, 0, 1e-6f);
    }
}
