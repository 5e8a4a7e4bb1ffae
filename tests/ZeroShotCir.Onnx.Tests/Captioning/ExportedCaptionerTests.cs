using System.Text.Json;
using ZeroShotCir.Captions;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Resampling;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Captioning;

/// <summary>Captioner folders as the real exporters write them, against the captions of the reference code, whose Pillow is 13.0.0.</summary>
public class ExportedCaptionerTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    private static readonly string[] Searches =
        ["greedy", "greedy_max_length_6", "greedy_default_limit", "beam3", "beam3_early_stopping", "beam3_length_penalty_0", "beam3_length_penalty_2"];

    // A question differs from its task by the prompt's ids alone, which one search shows; all searches of both take twice as long.
    private static readonly string[] SearchesOfQuestions = Environment.GetEnvironmentVariable("ZEROSHOTCIR_ALL_SEARCHES") == "1" ? Searches : ["greedy"];

    [Theory]
    [InlineData("vit-gpt2-optimum")]
    [InlineData("vit-gpt2-merged")]
    [InlineData("vit-gpt2-split")]
    [InlineData("vit-gpt2-nopast")]
    [InlineData("trocr-merged")]
    public void Encoder_decoder_folders_write_the_reference_captions(string name)
    {
        string folder = RepositoryPaths.Golden("exported", name);
        using JsonDocument expected = Read(folder);
        Report(name, Compare(folder, expected.RootElement, prompt: null, maxLength: null, image => image));
    }

    [Theory]
    [InlineData("blip-captioning")]
    [InlineData("blip-root")]
    public void Blip_folders_write_the_reference_captions(string name)
    {
        string folder = RepositoryPaths.Golden("exported", name);
        using JsonDocument expected = Read(folder);
        JsonElement generation = expected.RootElement.GetProperty("generation");
        int limit = generation.GetProperty("max_length").GetInt32();
        Report(
            name,
            Compare(folder, expected.RootElement, null, limit, image => image.GetProperty("unconditional"))
            + Compare(folder, expected.RootElement, generation.GetProperty("prompt").GetString(), limit, image => image.GetProperty("conditional")));
    }

    [Theory]
    [InlineData("florence2")]
    [InlineData("florence2-remote")]
    public void Florence_folders_write_the_reference_captions_for_a_task_and_for_its_question(string name)
    {
        string folder = RepositoryPaths.Golden("exported", name);
        using JsonDocument expected = Read(folder);
        int limit = expected.RootElement.GetProperty("generation").GetProperty("max_length").GetInt32();
        int compared = 0;
        foreach (JsonProperty task in expected.RootElement.GetProperty("prompts").EnumerateObject())
        {
            JsonElement CaptionsOf(JsonElement image) => image.GetProperty("tasks").GetProperty(task.Name);
            int ofQuestion = Compare(folder, expected.RootElement, task.Value.GetProperty("text").GetString(), limit, CaptionsOf, SearchesOfQuestions);
            Assert.True(ofQuestion > 0, $"{name} names no caption of the question of {task.Name}.");
            compared += ofQuestion + Compare(folder, expected.RootElement, task.Name, limit, CaptionsOf);
        }

        Report(name, compared);
    }

    [Fact]
    public void Every_precision_of_a_quantised_folder_writes_the_reference_captions()
    {
        string folder = RepositoryPaths.Golden("exported", "captioner-quantised");
        using JsonDocument expected = Read(folder);
        JsonElement[] pictures = [.. expected.RootElement.GetProperty("images").EnumerateArray()];
        int compared = 0;
        foreach (JsonProperty variant in expected.RootElement.GetProperty("variants").EnumerateObject())
        {
            ModelPrecision precision = ModelPrecision.All.Single(known => known.Suffix == variant.Name || known.Name == variant.Name);
            if (IsOfBytes(precision) && !HasVnni)
            {
                continue;
            }

            using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(folder, Decoder, new OnnxCaptionerOptions { Precision = precision, ResizeOrder = ResizeOrder.Pillow13 });
            foreach ((int index, JsonElement image) in variant.Value.GetProperty("images").EnumerateArray().Index())
            {
                JsonElement golden = image.GetProperty("greedy");
                ImageData picture = ImageData.FromFile(Path.Combine(folder, pictures[index].GetProperty("file").GetString()!));
                CaptionSequence best = captioner.Decode(picture, new CaptionOptions(), CancellationToken.None)[0];
                Assert.True(
                    golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).SequenceEqual(best.Ids),
                    $"{precision}, {picture.Source}: [{string.Join(", ", best.Ids)}] instead of {golden.GetProperty("ids")}");
                Assert.Equal(golden.GetProperty("text").GetString()!.Trim(), captioner.Text(best));
                compared++;
            }
        }

        Report("captioner-quantised", compared);
    }

    // Without VNNI, ONNX Runtime's products of bytes saturate, so the published rows are not reached by anybody.
    private static bool HasVnni => File.Exists("/proc/cpuinfo") && File.ReadAllText("/proc/cpuinfo").Contains("vnni", StringComparison.Ordinal);

    private static bool IsOfBytes(ModelPrecision precision) => precision == ModelPrecision.Q8 || precision == ModelPrecision.Signed8 || precision == ModelPrecision.Unsigned8;

    private static JsonDocument Read(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));

    private static void Report(string name, int compared)
    {
        Assert.True(compared > 0, $"{name} names no caption to compare.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {compared} captions agree");
    }

    private static int Compare(string folder, JsonElement expected, string? prompt, int? maxLength, Func<JsonElement, JsonElement> captionsOf, string[]? searches = null)
    {
        double tolerance = expected.GetProperty("tolerance").TryGetProperty("score", out JsonElement given) ? given.GetDouble() : 0;
        int compared = 0;
        JsonElement[] images = [.. expected.GetProperty("images").EnumerateArray()];
        foreach (string search in (searches ?? Searches).Where(search => images.Any(image => captionsOf(image).TryGetProperty(search, out _))))
        {
            using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(folder, Decoder, Options(search, prompt));
            foreach (JsonElement image in images)
            {
                if (!captionsOf(image).TryGetProperty(search, out JsonElement golden))
                {
                    continue;
                }

                // A golden length counts the start and a prompt; ours counts what is written.
                int? total = search switch { "greedy_max_length_6" => 6, "greedy_default_limit" => null, _ => maxLength };
                CaptionOptions asked = new() { MaxTokens = total - captioner.StartLength };
                CaptionSequence best = captioner.Decode(ImageData.FromFile(Path.Combine(folder, image.GetProperty("file").GetString()!)), asked, CancellationToken.None)[0];
                string place = $"{Path.GetFileName(folder)}, {image.GetProperty("file")}, {search}, {prompt}";
                Assert.True(
                    golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).SequenceEqual(best.Ids),
                    $"{place}: [{string.Join(", ", best.Ids)}] instead of {golden.GetProperty("ids")}");
                Assert.Equal(golden.GetProperty("text").GetString(), captioner.Text(best));
                if (golden.TryGetProperty("score", out JsonElement score))
                {
                    Assert.True(Math.Abs(score.GetDouble() - best.Score) <= tolerance, $"{place}: {best.Score} instead of {score}");
                }

                compared++;
            }
        }

        return compared;
    }

    // "greedy" of Florence-2 is asked for against its configuration, which names three beams.
    private static OnnxCaptionerOptions Options(string search, string? prompt) => search switch
    {
        "beam3" => new() { Prompt = prompt, ResizeOrder = ResizeOrder.Pillow13, Beams = 3, EarlyStopping = false },
        "beam3_early_stopping" => new() { Prompt = prompt, ResizeOrder = ResizeOrder.Pillow13, Beams = 3, EarlyStopping = true },
        "beam3_length_penalty_0" => new() { Prompt = prompt, ResizeOrder = ResizeOrder.Pillow13, Beams = 3, LengthPenalty = 0 },
        "beam3_length_penalty_2" => new() { Prompt = prompt, ResizeOrder = ResizeOrder.Pillow13, Beams = 3, LengthPenalty = 2 },
        _ => new() { Prompt = prompt, ResizeOrder = ResizeOrder.Pillow13, Beams = 1 },
    };
}
