using System.Text.Json;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Tokenizers.Files;

/// <summary>Folders that the real exporters wrote, and the ids that the published programs give.</summary>
public sealed class ExportedTokenizerTests(ITestOutputHelper output)
{
    public static TheoryData<string> Folders => new(
        "altclip", "bge-vl", "blip-itc", "chinese-clip", "clip-external-data", "clip-fp16-io-half", "clip-fp16-io-kept", "clip-opset12", "clip-opset23-dynamo",
        "clip-optimum", "clip-ort-optimised", "clip-ort-optimised-fp16", "clip-q4-gather", "clip-qdq", "clip-quantised", "clip-transformers5", "clip-transformersjs",
        "jina-clip", "metaclip2", "openclip-convnext-longest", "openclip-hub-config", "openclip-mclip", "openclip-mobileclip", "openclip-nllb", "openclip-pe-core",
        "openclip-rn50", "openclip-siglip", "openclip-siglip2", "openclip-vit", "openclip-vit-quickgelu", "openclip-xlm-roberta", "siglip-optimum", "siglip-quantised",
        "siglip-transformersjs", "siglip2-fixed", "siglip2-transformers5");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_text_gets_the_ids_of_the_published_program(string name)
    {
        string folder = RepositoryPaths.Golden("exported", name);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        OnnxModelFolder model = OnnxModelFolder.Open(folder);
        List<string> mismatches = [];
        int compared = 0;
        foreach (JsonElement text in expected.RootElement.GetProperty("texts").EnumerateArray())
        {
            TokenizedText actual = model.Tokenize(text.GetProperty("text").GetString()!);
            Compare(text, "ids", actual.Ids.Take(actual.Tokens), mismatches);
            compared++;
            if (text.TryGetProperty("padded_ids", out _))
            {
                Compare(text, "padded_ids", actual.Ids, mismatches);
            }
        }

        output.WriteLine($"{name}: {compared} texts, {mismatches.Count} mismatches; {model.Inspect().Tokenizer}");
        Assert.True(mismatches.Count == 0, string.Join(Environment.NewLine, mismatches));
        Assert.Equal(expected.RootElement.GetProperty("texts").GetArrayLength(), compared);
        Assert.Equal(expected.RootElement.GetProperty("context_length").GetInt32(), model.Inspect().Tokenizer!.ContextLength);
    }

    [Theory]
    [InlineData("siglip2-fixed")]
    public void Capitals_are_kept_when_asked_for(string name)
    {
        string folder = RepositoryPaths.Golden("exported", name);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        OnnxModelFolder model = OnnxModelFolder.Open(folder, new OnnxModelOptions { KeepCase = true });
        List<string> mismatches = [];
        foreach (JsonElement text in expected.RootElement.GetProperty("texts").EnumerateArray())
        {
            TokenizedText actual = model.Tokenize(text.GetProperty("text").GetString()!);
            Compare(text, text.TryGetProperty("ids_as_is", out _) ? "ids_as_is" : "ids", actual.Ids.Take(actual.Tokens), mismatches);
        }

        Assert.True(mismatches.Count == 0, string.Join(Environment.NewLine, mismatches));
    }

    private static void Compare(JsonElement text, string field, IEnumerable<int> actual, List<string> mismatches)
    {
        int[] wanted = text.GetProperty(field).Deserialize<int[]>()!;
        int[] ids = [.. actual];
        if (!wanted.SequenceEqual(ids))
        {
            mismatches.Add($"{JsonSerializer.Serialize(text.GetProperty("text").GetString())}: {field} are {string.Join(' ', wanted)}, got {string.Join(' ', ids)}");
        }
    }
}
