using System.Text.Json;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// What <c>config.json</c> and <c>generation_config.json</c> say that matters for decoding: start and end tokens, lengths, rules,
/// and the decoder's heads and width.
/// </summary>
/// <param name="StartId">The token that every caption starts with.</param>
/// <param name="EndId">The token that ends a caption.</param>
/// <param name="MaxLength">The longest sequence where none is asked for, start and end token included.</param>
/// <param name="Positions">The longest sequence that the decoder can take.</param>
/// <param name="Heads">The attention heads of the decoder, where the configuration tells.</param>
/// <param name="HeadWidth">The width of each, where the configuration tells.</param>
/// <param name="Rules">Which tokens may not, or must, come.</param>
internal sealed record CaptionerConfig(int StartId, int EndId, int MaxLength, int Positions, int? Heads, int? HeadWidth, TokenRules Rules)
{
    private const int DefaultMaxLength = 20;
    private static readonly string[] DecoderSections = ["decoder", "text_config"];

    public static CaptionerConfig Read(string folder, ModelFamily family)
    {
        string path = Path.Combine(folder, ModelConfig.FileName);
        string generation = Path.Combine(folder, "generation_config.json");
        return ModelFiles.ReadJson(
            path,
            config => File.Exists(generation) ? ModelFiles.ReadJson(generation, g => Of(path, config, g, family)) : Of(path, config, config, family));
    }

    private static CaptionerConfig Of(string path, JsonElement config, JsonElement generation, ModelFamily family)
    {
        JsonElement decoder = DecoderSections
            .Select(name => config.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : (JsonElement?)null)
            .FirstOrDefault(part => part is not null) ?? config;
        int? Find(string name) => Integer(generation, name) ?? Integer(config, name) ?? Integer(decoder, name);
        int? start = Find("decoder_start_token_id") ?? Find("bos_token_id") ?? family.ImpliedTokens?.Start;
        int? end = Find(family.EndToken) ?? family.ImpliedTokens?.End;
        if (start is null || end is null)
        {
            throw new InvalidModelException($"'{path}' names no decoder_start_token_id (or bos_token_id) and {family.EndToken}; both are needed to decode captions.");
        }

        int positions = Integer(decoder, "n_positions") ?? Integer(decoder, "max_position_embeddings") ?? int.MaxValue;
        int? heads = Integer(decoder, "n_head") ?? Integer(decoder, "decoder_attention_heads") ?? Integer(decoder, "num_attention_heads");
        int? width = Integer(decoder, "n_embd") ?? Integer(decoder, "d_model") ?? Integer(decoder, "hidden_size");
        return new CaptionerConfig(
            start.Value,
            end.Value,
            Math.Min(Find("max_length") ?? DefaultMaxLength, positions),
            positions,
            heads,
            width / heads,
            new TokenRules(Find("forced_bos_token_id"), Find("forced_eos_token_id"), Find("no_repeat_ngram_size") ?? 0));
    }

    private static int? Integer(JsonElement element, string name)
        => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0
            ? number
            : null;
}
