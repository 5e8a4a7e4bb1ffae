using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Imaging;

public sealed class ImageFormatTests
{
    [Fact]
    public void Every_picture_of_the_album_is_known_by_its_content()
    {
        string album = Path.Combine(RepositoryPaths.TinyFashion, "album");
        JsonElement expected = GoldenJson.Read(Path.Combine(album, "expected.json"));
        int wrongEndings = 0;
        foreach (JsonElement file in expected.GetProperty("files").EnumerateArray())
        {
            ImageFormat? format = ImageFormat.Recognize(File.ReadAllBytes(Path.Combine(album, "photos", file.Text("path"))));
            Assert.Equal("image/" + file.Text("format"), format?.MediaType);
            wrongEndings += file.TryGetProperty("wrong_ending", out _) ? 1 : 0;
        }

        Assert.True(wrongEndings > 0);
    }

    [Fact]
    public void What_is_no_picture_is_not_taken_for_one()
    {
        string album = Path.Combine(RepositoryPaths.TinyFashion, "album");
        JsonElement expected = GoldenJson.Read(Path.Combine(album, "expected.json"));
        foreach (JsonElement path in expected.GetProperty("other_files").EnumerateArray())
        {
            Assert.Null(ImageFormat.Recognize(File.ReadAllBytes(Path.Combine(album, "photos", path.GetString()!))));
        }

        string[] texts =
        [
            "", "B", "BMW is a make of cars", "P5 is no picture", "P6", "P3 2024", "II. Chapter", "MM",
            "RIFF and raff", "GIF", "<svg/>", "push graphic-context", "%PDF-1.7", "id=1",
        ];
        foreach (string text in texts)
        {
            Assert.Null(ImageFormat.Recognize(Encoding.UTF8.GetBytes(text)));
        }
    }

    [Theory]
    [InlineData("heic", "mif1", "image/heic")]
    [InlineData("mif1", "heic", "image/heic")]
    [InlineData("mif1", "avif", "image/avif")]
    [InlineData("msf1", "hevc", "image/heic")]
    [InlineData("avis", "msf1", "image/avif")]
    [InlineData("mif1", "miaf", "image/heic")]
    [InlineData("crx ", "isom", "image/x-dcraw")]
    [InlineData("isom", "mp42", null)]
    [InlineData("qt  ", "qt  ", null)]
    public void Brands_tell_what_a_media_file_holds(string major, string compatible, string? mediaType)
    {
        byte[] head = [0, 0, 0, 0, .. "ftyp"u8, .. Encoding.ASCII.GetBytes(major), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(compatible), .. "junkavif"u8];
        BinaryPrimitives.WriteInt32BigEndian(head, 20);
        Assert.Equal(mediaType, ImageFormat.Recognize(head)?.MediaType);
    }

    [Theory]
    [InlineData("P6 3 4 255\n", true)]
    [InlineData("P1\n# a comment\n3 # another\n4\n", true)]
    [InlineData("P7\nWIDTH 3\n", true)]
    [InlineData("P43 4", false)]
    [InlineData("P8 3 4", false)]
    [InlineData("P6 12345678901 4", false)]
    public void Anymaps_are_known_by_their_dimensions(string head, bool known)
        => Assert.Equal(known ? ImageFormat.Pnm : null, ImageFormat.Recognize(Encoding.ASCII.GetBytes(head)));

    [Fact]
    public void Every_beginning_of_every_picture_is_looked_at_without_harm()
    {
        Random random = new(7);
        byte[] bytes = new byte[40];
        foreach (string start in (string[])["\0\0\0\u0014ftypmif1", "P6 # ", "BM", "II*\0", "\0\0\0\fjP  ", "RIFF"])
        {
            for (int i = 0; i < 2_000; i++)
            {
                random.NextBytes(bytes);
                Encoding.Latin1.GetBytes(start).CopyTo(bytes, 0);
                ImageFormat.Recognize(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            }
        }
    }
}
