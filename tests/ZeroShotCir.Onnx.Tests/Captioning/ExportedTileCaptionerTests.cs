using System.Security.Cryptography;
using System.Text.Json;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Onnx.Tokenizers.Files;

namespace ZeroShotCir.Tests.Captioning;

/// <summary>Folders of SmolVLM and SmolVLM2 as their exporters write them: tiles, prompts and captions of the reference code, whose Pillow is 13.0.0.</summary>
public sealed class ExportedTileCaptionerTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    public static TheoryData<string, bool> Folders => new() { { "smolvlm", true }, { "smolvlm", false }, { "smolvlm2", true }, { "smolvlm2", false } };

    [Theory]
    [MemberData(nameof(Folders))]
    public void Pictures_become_the_reference_tiles(string name, bool splits)
    {
        (string folder, JsonElement expected) = Read(name);
        ImageTiling tiling = TilingFile.Read(folder, splits, ResizeOrder.Pillow13);
        foreach (JsonElement image in expected.GetProperty("images").EnumerateArray())
        {
            JsonElement golden = image.GetProperty(splits ? "splitting" : "no_splitting").GetProperty("pixels");
            using RgbImage picture = Decoder.Decode(File.ReadAllBytes(Path.Combine(folder, image.GetProperty("file").GetString()!)), new DecodeOptions());
            ImageTiles tiles = tiling.Cut(picture);

            Assert.Equal((golden.GetProperty("rows").GetInt32(), golden.GetProperty("cols").GetInt32()), (tiles.Rows, tiles.Columns));
            Assert.Equal(golden.GetProperty("shape")[1].GetInt32(), tiles.Tiles.Count);
            Assert.Equal(golden.GetProperty("crop_rgb_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(Bytes(tiles, tiling.TileEdge))));
            foreach ((double sum, float[] tile) in golden.GetProperty("sums_per_tile").EnumerateArray().Select(sum => sum.GetDouble()).Zip(tiles.Tiles))
            {
                Assert.Equal(sum, tile.Sum(value => (double)value), 2e-3);
            }

            foreach (JsonElement at in golden.GetProperty("at").EnumerateArray())
            {
                int place = (((at.GetProperty("channel").GetInt32() * tiling.TileEdge) + at.GetProperty("y").GetInt32()) * tiling.TileEdge) + at.GetProperty("x").GetInt32();
                Assert.Equal(at.GetProperty("value").GetDouble(), tiles.Tiles[0][place], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Prompts_become_the_reference_ids(string name, bool splits)
    {
        (string folder, JsonElement expected) = Read(name);
        ChatPrompt prompt = ChatPrompt.Read(folder, TokenizerFolder.Load(folder), question: null);
        foreach (JsonElement image in expected.GetProperty("images").EnumerateArray())
        {
            JsonElement golden = image.GetProperty(splits ? "splitting" : "no_splitting");
            JsonElement pixels = golden.GetProperty("pixels");
            int[] ids = prompt.Encode(pixels.GetProperty("rows").GetInt32(), pixels.GetProperty("cols").GetInt32());

            Assert.Equal(Ids(golden.GetProperty("input_ids")), ids);
            Assert.Equal(Ids(golden.GetProperty("image_token_positions")), ids.Index().Where(id => id.Item == prompt.ImageId).Select(id => id.Index));
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folders_write_the_reference_captions(string name, bool splits)
    {
        (string folder, JsonElement expected) = Read(name);
        double tolerance = expected.GetProperty("tolerance").GetProperty("score").GetDouble();
        CaptionOptions asked = new() { MaxTokens = expected.GetProperty("generation").GetProperty("max_new_tokens").GetInt32() };
        int compared = 0;
        foreach (int beams in (int[])[1, 3])
        {
            using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(
                folder, Decoder, new OnnxCaptionerOptions { Beams = beams, EarlyStopping = false, ResizeOrder = ResizeOrder.Pillow13, Tiles = splits });
            foreach (JsonElement image in expected.GetProperty("images").EnumerateArray())
            {
                JsonElement golden = image.GetProperty(splits ? "splitting" : "no_splitting").GetProperty(beams == 1 ? "greedy" : "beam3");
                ImageData picture = ImageData.FromFile(Path.Combine(folder, image.GetProperty("file").GetString()!));
                CaptionSequence best = captioner.Decode(picture, asked, TestContext.Current.CancellationToken)[0];

                Assert.Equal(Ids(golden.GetProperty("ids")), best.Ids[best.Hidden..]);
                Assert.Equal(golden.GetProperty("text").GetString(), captioner.Text(best));
                if (golden.TryGetProperty("score", out JsonElement score))
                {
                    Assert.Equal(score.GetDouble(), best.Score, tolerance);
                }

                compared++;
            }
        }

        Assert.Equal(10, compared);
    }

    [Fact]
    public void A_folder_is_inspected()
    {
        (string folder, _) = Read("smolvlm");
        ModelInspection inspection = OnnxModelFolder.Open(folder).Inspect();

        Assert.Equal("idefics3", inspection.Family);
        Assert.Equal(["decoder_model_merged", "embed_tokens", "vision_encoder"], inspection.Graphs.Keys.Order());
        Assert.Contains(inspection.Notes, note => note.Contains("longest edge of 128", StringComparison.Ordinal) && note.Contains("tiles of 32", StringComparison.Ordinal));
    }

    private static (string Folder, JsonElement Expected) Read(string name)
    {
        string folder = RepositoryPaths.Golden("exported", name);
        return (folder, JsonElement.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json"))));
    }

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>The bytes of all tiles: their planes, of which each value is a byte / 255 less a half, doubled.</summary>
    private static byte[] Bytes(ImageTiles tiles, int edge)
        => [.. from tile in tiles.Tiles
               from pixel in Enumerable.Range(0, edge * edge)
               from c in Enumerable.Range(0, 3)
               select (byte)Math.Round(((tile[(c * edge * edge) + pixel] * 0.5) + 0.5) * 255)];
}
