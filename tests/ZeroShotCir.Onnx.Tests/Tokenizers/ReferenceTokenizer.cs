using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZeroShotCir.Tests.Tokenizers;

/// <summary>
/// A small tokenizer in the layout of a family and what the reference, Hugging Face's tokenizers, gives for texts that are
/// easy to get wrong. <c>Reference/reference.mjs</c> writes these files and says how.
/// </summary>
internal sealed record ReferenceTokenizer(JsonObject Json, IReadOnlyList<(string Text, int[] Ids)> Cases)
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "ZeroShotCir.Onnx.Tests", "Tokenizers", "Reference");

    public static ReferenceTokenizer Read(string name)
    {
        JsonNode file = Parse(name);
        return new ReferenceTokenizer(file["tokenizer"]!.AsObject(), CasesOf(file));
    }

    /// <summary>Tokenizers of which a step is replaced by one that no family here takes.</summary>
    public static IEnumerable<(string Name, ReferenceTokenizer Tokenizer)> ReadVariants()
    {
        foreach (JsonNode? variant in Parse("variants").AsArray())
        {
            ReferenceTokenizer tokenizer = Read(variant!["base"]!.GetValue<string>());
            foreach ((string step, JsonNode? value) in variant["change"]!.AsObject())
            {
                tokenizer.Json[step] = value!.DeepClone();
            }

            yield return ($"{variant["base"]} with {variant["change"]!.ToJsonString()}", tokenizer with { Cases = CasesOf(variant) });
        }
    }

    /// <summary>The tokens of a vocabulary by id.</summary>
    public string[] Tokens => [.. Json["model"]!["vocab"] is JsonObject vocabulary
        ? vocabulary.OrderBy(token => token.Value!.GetValue<int>()).Select(token => token.Key)
        : Json["model"]!["vocab"]!.AsArray().Select(piece => piece![0]!.GetValue<string>())];

    private static JsonNode Parse(string name) => JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")))!;

    private static (string Text, int[] Ids)[] CasesOf(JsonNode file) =>
        [.. file["cases"]!.AsArray().Select(item => (item!["text"]!.GetValue<string>(), item["ids"]!.Deserialize<int[]>()!))];

    public void SaveJson(string path) => File.WriteAllText(path, Json.ToJsonString());
}
