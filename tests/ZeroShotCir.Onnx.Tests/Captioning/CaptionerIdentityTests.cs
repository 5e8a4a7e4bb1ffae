using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Tests.Captioning;

/// <summary>A captioner's id changes with everything that can change a caption, and with nothing else.</summary>
public sealed class CaptionerIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Edits => new()
    {
        { "generation_config.json", "\"decoder_start_token_id\": 595", "\"decoder_start_token_id\": 593" },
        { "generation_config.json", "\"eos_token_id\": 595", "\"eos_token_id\": [595, 3]" },
        { "generation_config.json", "\"max_length\": 48", "\"max_length\": 47" },
        { "generation_config.json", "\"num_beams\": 1", "\"num_beams\": 2" },
        { "generation_config.json", "\"num_beams\": 1", "\"num_beams\": 1, \"no_repeat_ngram_size\": 3" },
        { "generation_config.json", "\"num_beams\": 1", "\"num_beams\": 1, \"forced_bos_token_id\": 3" },
        { "generation_config.json", "\"num_beams\": 1", "\"num_beams\": 1, \"forced_eos_token_id\": 3" },
        { "preprocessor_config.json", "\"resample\": 3", "\"resample\": 2" },
        { "tokenizer.json", "\"add_prefix_space\": false", "\"add_prefix_space\": true" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Edits))]
    public void A_setting_of_the_folder_changes_the_id(string file, string from, string to)
    {
        string folder = Copy("captioner");
        string id = Id(folder);
        string path = Path.Combine(folder, file);
        string text = File.ReadAllText(path);
        Assert.SkipUnless(text.Contains(from, StringComparison.Ordinal), $"TinyFashion's {file} does not say {from}.");
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));

        Assert.NotEqual(id, Id(folder));
    }

    [Theory]
    [InlineData("encoder_model.onnx")]
    [InlineData("decoder_model_merged.onnx")]
    public void Weights_of_either_graph_change_the_id(string graph)
    {
        string folder = Copy("captioner");
        string id = Id(folder);
        string path = Path.Combine(folder, "onnx", graph);
        byte[] bytes = File.ReadAllBytes(path);
        DateTime written = File.GetLastWriteTimeUtc(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, written);

        Assert.NotEqual(id, Id(folder));
    }

    [Fact]
    public void Every_option_that_changes_captions_changes_the_id()
    {
        string folder = Copy("captioner");
        string[] ids =
        [
            Id(folder),
            Id(folder, new() { Beams = 2 }),
            Id(folder, new() { Beams = 3 }),
            Id(folder, new() { Beams = 3, LengthPenalty = 2 }),
            Id(folder, new() { Beams = 3, EarlyStopping = true }),
            Id(folder, new() { NoRepeatNgramSize = 2 }),
            Id(folder, new() { Decoding = CaptionDecoding.Sample }),
            Id(folder, new() { Temperature = 0.5 }),
            Id(folder, new() { TopP = 0.5 }),
            Id(folder, new() { ResizeOrder = ResizeOrder.Pillow13 }),
            Id(folder, new() { DecodeOptions = new DecodeOptions { Orientation = ImageOrientation.Ignore } }),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void What_cannot_change_a_caption_leaves_the_id()
    {
        string folder = Copy("captioner");
        string id = Id(folder);
        string other = Copy("elsewhere");
        foreach (string file in Directory.EnumerateFiles(other, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        // The start token stands in generation_config.json too, which rules.
        string config = Path.Combine(other, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"decoder_start_token_id\": 595", "\"decoder_start_token_id\": 594", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(other, "README.md"), "A note.");
        File.Copy(Path.Combine(other, "onnx", "decoder_model_merged.onnx"), Path.Combine(other, "onnx", "decoder_model_merged_fp16.onnx"));

        Assert.Equal(id, Id(other));
        Assert.Equal(id, Id(folder, new() { Execution = new OnnxExecutionOptions { Threads = 1 } }));
        Assert.Equal(id, Id(folder, new() { Beams = 1 }));
    }

    private static string Id(string folder, OnnxCaptionerOptions? options = null)
    {
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(folder, new SkiaImageDecoder(), options);
        return captioner.CaptionerId;
    }

    private string Copy(string name)
    {
        string source = Path.Combine(RepositoryPaths.TinyFashion, "models", "captioner");
        string target = Path.Combine(_folder.Path, name);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }
}
