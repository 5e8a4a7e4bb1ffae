using System.Text;
using System.Text.Json;

namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>The first token of an answer and those that might have stood in its place, with the logarithms of their probabilities.</summary>
/// <param name="Chosen">The token that was written.</param>
/// <param name="Listed">All of which a probability is known, the chosen one too.</param>
internal sealed record FirstToken(string Chosen, IReadOnlyList<KeyValuePair<string, double>> Listed)
{
    // What OpenAI writes of a chosen token that is not among the likeliest: no probability at all.
    private const double Unknown = -9000;

    /// <summary>Reads <c>choices[0].logprobs.content[0]</c>, or Ollama's own <c>logprobs[0]</c>.</summary>
    /// <returns><see langword="null"/> where the answer gives no probabilities.</returns>
    public static FirstToken? Read(JsonElement root)
    {
        if (Place(root) is not { ValueKind: JsonValueKind.Object } place || TextOf(place) is not { } chosen)
        {
            return null;
        }

        List<KeyValuePair<string, double>> listed = [];
        if (place.TryGetProperty("top_logprobs", out JsonElement top) && top.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement token in top.EnumerateArray())
            {
                Add(token);
            }
        }

        if (!listed.Exists(token => token.Key == chosen))
        {
            Add(place);
        }

        return listed.Count == 0 ? null : new FirstToken(chosen, listed);

        void Add(JsonElement token)
        {
            if (token.ValueKind == JsonValueKind.Object && TextOf(token) is { } text
                && token.TryGetProperty("logprob", out JsonElement value) && value.ValueKind == JsonValueKind.Number
                && value.TryGetDouble(out double logarithm) && logarithm is > Unknown and <= 1e-3)
            {
                listed.Add(new(text, Math.Min(logarithm, 0)));
            }
        }
    }

    private static JsonElement? Place(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (root.TryGetProperty("choices", out JsonElement choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
        {
            root = choices[0];
        }

        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("logprobs", out JsonElement probabilities) ? First(probabilities) : null;
    }

    private static JsonElement? First(JsonElement probabilities)
    {
        if (probabilities.ValueKind == JsonValueKind.Object && probabilities.TryGetProperty("content", out JsonElement content))
        {
            probabilities = content;
        }

        return probabilities.ValueKind == JsonValueKind.Array && probabilities.GetArrayLength() > 0 ? probabilities[0] : null;
    }

    // The bytes are exact where the text of a token that ends amid a letter cannot be.
    private static string? TextOf(JsonElement token)
    {
        if (token.TryGetProperty("bytes", out JsonElement bytes) && bytes.ValueKind == JsonValueKind.Array && bytes.GetArrayLength() > 0)
        {
            byte[] text = new byte[bytes.GetArrayLength()];
            int length = 0;
            foreach (JsonElement value in bytes.EnumerateArray())
            {
                if (value.ValueKind != JsonValueKind.Number || !value.TryGetByte(out text[length++]))
                {
                    return JsonText.Read(token, "token");
                }
            }

            return Encoding.UTF8.GetString(text);
        }

        return JsonText.Read(token, "token");
    }
}
