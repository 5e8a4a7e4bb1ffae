using System.Text.Json;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>What the configuration of a captioner folder says that matters for decoding.</summary>
/// <param name="StartId">The token that every caption starts with; <see langword="null"/> where it follows a prompt.</param>
/// <param name="EndIds">The tokens that end a caption.</param>
/// <param name="Positions">The longest sequence that the decoder can take.</param>
/// <param name="Heads">The attention heads of the decoder's caches, where the configuration tells.</param>
/// <param name="HeadWidth">The width of each, where the configuration tells.</param>
/// <param name="Generation">How captions are searched for where the caller does not say.</param>
internal sealed record CaptionerConfig(int? StartId, IReadOnlyList<int> EndIds, int Positions, int? Heads, int? HeadWidth, GenerationConfig Generation)
{
    private static readonly string[] DecoderSections = ["decoder", "text_config"];

    public static CaptionerConfig Read(string folder, ModelFamily family)
    {
        string path = Path.Combine(folder, ModelConfig.FileName);
        string generation = Path.Combine(folder, "generation_config.json");
        return ModelFiles.ReadJson(
            path,
            config => family.ReadsGenerationFile && File.Exists(generation)
                ? ModelFiles.ReadJson(generation, tokens => Parse(folder, path, config, tokens, family))
                : Parse(folder, path, config, config, family));
    }

    private static CaptionerConfig Parse(string folder, string path, JsonElement config, JsonElement tokens, ModelFamily family)
    {
        JsonElement decoder = DecoderSections
            .Select(name => config.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : (JsonElement?)null)
            .FirstOrDefault(part => part is not null) ?? config;
        int[] Find(string name) => new[] { tokens, config, decoder }.Select(section => Integers(section, name)).FirstOrDefault(found => found.Length > 0) ?? [];
        int? start = Find("decoder_start_token_id") is [int first, ..] ? first : Find("bos_token_id") is [int begin, ..] ? begin : family.ImpliedTokens?.Start;
        int[] ends = Find(family.EndToken) is { Length: > 0 } found ? found : family.ImpliedTokens is { } implied ? [implied.End] : [];
        if ((start is null && !family.ReadsPrompt) || ends.Length == 0)
        {
            throw new InvalidModelException(
                family.ReadsPrompt ? $"'{path}' names no {family.EndToken}, nor does a generation_config.json beside it; it is needed to decode captions."
                : $"'{path}' names no decoder_start_token_id (or bos_token_id) and {family.EndToken}; both are needed to decode captions.");
        }

        int? Size(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (Integers(decoder, name) is [int value])
                {
                    return value;
                }
            }

            return null;
        }

        int? heads = Size("n_head", "decoder_attention_heads", "num_attention_heads");
        return new CaptionerConfig(
            family.ReadsPrompt ? null : start,
            ends,
            Size("n_positions", "max_position_embeddings") ?? int.MaxValue,
            Size("num_key_value_heads") ?? heads,
            Size("head_dim") ?? (heads > 0 ? Size("n_embd", "d_model", "hidden_size") / heads : null),
            GenerationConfig.Read(folder, config, decoder, family));
    }

    // A number, or several as generation_config.json gives the ends of some models; anything else counts as not given.
    private static int[] Integers(JsonElement element, string name)
        => !element.TryGetProperty(name, out JsonElement value) ? []
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Where(IsIndex).Select(item => item.GetInt32())]
            : IsIndex(value) ? [value.GetInt32()]
            : [];

    private static bool IsIndex(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0;
}
