using System.Security.Cryptography;
using System.Text.Json;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;

namespace ZeroShotCir.Tests;

/// <summary>A person's untidy picture folder, of whose lossless files the upright pixels are known byte for byte.</summary>
public sealed class AlbumPixelsTests
{
    private static readonly string Album = Path.Combine(RepositoryPaths.TinyFashion, "album");

    [Fact]
    public void Every_picture_has_its_upright_size_and_every_lossless_one_its_pixels()
    {
        SkiaImageDecoder decoder = new();
        (int read, int exact, int turned) = (0, 0, 0);
        foreach (JsonElement file in Pictures())
        {
            ImageData data = ImageData.FromFile(Path.Combine(Album, "photos", file.Text("path")));
            using RgbImage image = decoder.Decode(data);
            Assert.True(file.GetProperty("upright").EnumerateArray().Select(edge => edge.GetInt32()).SequenceEqual([image.Width, image.Height]), file.Text("path"));
            Assert.Equal(file.GetProperty("orientation").GetInt32(), (int)ExifReader.ReadOrientation(data.Data.Span));
            using RgbImage stored = decoder.Decode(data, new DecodeOptions { Orientation = ImageOrientation.Ignore });
            Assert.True(file.GetProperty("stored").EnumerateArray().Select(edge => edge.GetInt32()).SequenceEqual([stored.Width, stored.Height]), file.Text("path"));
            if (file.TryGetProperty("sha256", out JsonElement sha256))
            {
                Assert.True(sha256.GetString() == Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Span)), $"{file.Text("path")}: {file.Text("variant")}");
                exact++;
            }

            read++;
            turned += file.GetProperty("orientation").GetInt32() > 1 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{read} pictures, {turned} of them turned, {exact} equal byte for byte");
        Assert.True(read > 500 && exact > 100 && turned > 100, $"{read} read, {exact} exact, {turned} turned");
    }

    [Fact]
    public void Every_unreadable_file_is_refused_in_words()
    {
        SkiaImageDecoder decoder = new();
        foreach (JsonElement file in GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("unreadable").EnumerateArray())
        {
            string path = Path.Combine(Album, "photos", file.Text("path"));
            InvalidImageException refusal = Assert.Throws<InvalidImageException>(() => decoder.Decode(ImageData.FromFile(path)));
            Assert.Contains(file.Text("path"), refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Formats_are_told_by_content()
    {
        Dictionary<string, string> types = new()
        {
            ["jpeg"] = "image/jpeg",
            ["png"] = "image/png",
            ["webp"] = "image/webp",
            ["gif"] = "image/gif",
            ["bmp"] = "image/bmp",
            ["tiff"] = "image/tiff",
            ["heic"] = "image/heic",
            ["avif"] = "image/avif",
        };
        foreach (JsonElement file in GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("files").EnumerateArray())
        {
            Assert.Equal(types[file.Text("format")], ImageData.FromFile(Path.Combine(Album, "photos", file.Text("path"))).MediaType);
        }
    }

    internal static IEnumerable<JsonElement> Pictures()
        => GoldenJson.Read(Path.Combine(Album, "expected.json")).GetProperty("files").EnumerateArray()
            .Where(file => file.Text("format") is "jpeg" or "png" or "webp" or "gif" or "bmp");
}
