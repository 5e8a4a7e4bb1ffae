using System.Text.Json;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// What <c>config.json</c> and <c>generation_config.json</c> say that matters for decoding: <c>model_type</c>,
/// <c>decoder_start_token_id</c>, <c>bos_token_id</c>, <c>eos_token_id</c>, <c>max_length</c>, and the decoder's positions, heads and width.
/// </summary>
/// <param name="StartId">The token that every caption starts with.</param>
/// <param name="EndId">The token that ends a caption.</param>
/// <param name="MaxLength">The longest sequence, start and end token included.</param>
/// <param name="Heads">The attention heads of the decoder, where the configuration tells.</param>
/// <param name="HeadWidth">The width of each, where the configuration tells.</param>
internal sealed record CaptionerConfig(int StartId, int EndId, int MaxLength, int? Heads, int? HeadWidth)
{
    private const int DefaultMaxLength = 20;
    private const string Supported = "vision-encoder-decoder";

    public static CaptionerConfig Read(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            throw new InvalidModelException($"The captioner folder '{folder}' has no 'config.json'. Found: {ModelFiles.List(folder)}.");
        }

        string generation = Path.Combine(folder, "generation_config.json");
        return ModelFiles.ReadJson(
            path,
            config => File.Exists(generation) ? ModelFiles.ReadJson(generation, g => Of(path, config, g)) : Of(path, config, config));
    }

    private static CaptionerConfig Of(string path, JsonElement config, JsonElement generation)
    {
        string? type = config.TryGetProperty("model_type", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (type != Supported)
        {
            throw new InvalidModelException($"'{path}' says model_type '{type}'; supported captioners are of type '{Supported}'.");
        }

        JsonElement decoder = config.TryGetProperty("decoder", out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : config;
        int? Find(string name) => Integer(generation, name) ?? Integer(config, name) ?? Integer(decoder, name);
        int? start = Find("decoder_start_token_id") ?? Find("bos_token_id");
        int? end = Find("eos_token_id");
        if (start is null || end is null)
        {
            throw new InvalidModelException($"'{path}' names no decoder_start_token_id (or bos_token_id) and eos_token_id; both are needed to decode captions.");
        }

        int longest = Integer(decoder, "n_positions") ?? Integer(decoder, "max_position_embeddings") ?? int.MaxValue;
        int? heads = Integer(decoder, "n_head") ?? Integer(decoder, "decoder_attention_heads") ?? Integer(decoder, "num_attention_heads");
        int? width = Integer(decoder, "n_embd") ?? Integer(decoder, "d_model") ?? Integer(decoder, "hidden_size");
        return new CaptionerConfig(start.Value, end.Value, Math.Min(Find("max_length") ?? DefaultMaxLength, longest), heads, width / heads);
    }

    private static int? Integer(JsonElement element, string name)
        => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= 0
            ? number
            : null;
}
