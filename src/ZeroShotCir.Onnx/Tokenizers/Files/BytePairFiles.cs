using System.Text.Json;
using ZeroShotCir.Onnx.Tokenizers.Models;

namespace ZeroShotCir.Onnx.Tokenizers.Files;

/// <summary>Reads a vocabulary and its merges, from the two files of the slow tokenizers or from <c>tokenizer.json</c>.</summary>
internal static class BytePairFiles
{
    public static Vocabulary ReadVocabulary(JsonElement tokens)
    {
        Vocabulary vocabulary = new();
        foreach (JsonProperty token in tokens.EnumerateObject())
        {
            vocabulary.Add(token.Name, token.Value.GetInt32());
        }

        return vocabulary;
    }

    /// <summary>Reads merges written as <c>"a b"</c> or <c>["a", "b"]</c>.</summary>
    public static BytePairMerges ReadMerges(JsonElement merges, Vocabulary vocabulary)
    {
        BytePairMerges result = new();
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            if (merge.ValueKind == JsonValueKind.Array)
            {
                Add(result, vocabulary, merge[0].GetString(), merge[1].GetString());
            }
            else
            {
                Add(result, vocabulary, merge.GetString() ?? throw new InvalidDataException("one of its merges is null"));
            }
        }

        return result;
    }

    /// <summary>Reads the lines of <c>merges.txt</c>.</summary>
    public static BytePairMerges ReadMerges(byte[] bytes, Vocabulary vocabulary)
    {
        BytePairMerges result = new();
        foreach (ReadOnlySpan<char> line in TokenizerFile.Text(bytes).AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty && !line.StartsWith("#version", StringComparison.Ordinal))
            {
                Add(result, vocabulary, line.ToString());
            }
        }

        return result;
    }

    private static void Add(BytePairMerges merges, Vocabulary vocabulary, string merge)
    {
        int blank = merge.IndexOf(' ', 1);
        if (blank < 0)
        {
            throw new InvalidDataException($"the merge '{merge}' is not two tokens with a blank between");
        }

        Add(merges, vocabulary, merge[..blank], merge[(blank + 1)..]);
    }

    private static void Add(BytePairMerges merges, Vocabulary vocabulary, string? left, string? right)
    {
        if (!vocabulary.TryGetId(left, out int leftId) || !vocabulary.TryGetId(right, out int rightId)
            || !vocabulary.TryGetId(left + right, out int merged))
        {
            throw new InvalidDataException($"the merge of '{left}' and '{right}' uses or makes a token that the vocabulary does not hold");
        }

        merges.Add(leftId, rightId, merged);
    }
}
