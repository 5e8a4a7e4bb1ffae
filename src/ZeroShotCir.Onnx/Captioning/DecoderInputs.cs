using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>The tensors of decoder graphs by name: which are known, and whether a graph can be fed.</summary>
internal static class DecoderInputs
{
    public const string Ids = "input_ids";
    public const string Embeddings = "inputs_embeds";
    public const string Encoded = "encoder_hidden_states";
    public const string EncodedMask = "encoder_attention_mask";
    public const string Positions = "position_ids";
    public const string Logits = "logits";
    private const string Past = "past_key_values";
    private const string Present = "present";
    private static readonly string[] Known = [Ids, Embeddings, Encoded, EncodedMask, "attention_mask", Positions, "num_logits_to_keep", "use_cache_branch"];

    /// <summary>Whether an input is what a step remembers for the next.</summary>
    public static bool IsCache(string input) => input.StartsWith(Past + ".", StringComparison.Ordinal);

    /// <summary>The input that takes an output of the step before.</summary>
    public static string? CacheOf(string output) => output.StartsWith(Present + ".", StringComparison.Ordinal) ? Past + output[Present.Length..] : null;

    /// <summary>Finds out whether a decoder can be run.</summary>
    /// <exception cref="InvalidModelException">It needs an input that is not known here, or gives no logits.</exception>
    public static void Check(OnnxSession session, bool embeds, bool readsPrompt, CaptionerConfig config)
    {
        if (session.Inputs.FirstOrDefault(input => !IsFed(input.Name, embeds, readsPrompt)) is { } unknown)
        {
            string known = string.Join(", ", Known.Where(name => IsFed(name, embeds: true, readsPrompt)));
            throw new InvalidModelException(
                $"The decoder '{session.Path}' needs the input {unknown}, which cannot be fed; known are {known} (inputs_embeds with a graph embed_tokens) and {Past}.*.");
        }

        if (session.Outputs.All(output => output.Name != Logits))
        {
            throw new InvalidModelException($"The decoder '{session.Path}' gives no 'logits'. Found: {string.Join(", ", session.Outputs.Select(output => output.Name))}.");
        }

        if (readsPrompt)
        {
            CheckPrompted(session, config);
        }
    }

    /// <summary>What a decoder must have to go on from a prompt with a picture in it, which has no ids to be fed again.</summary>
    private static void CheckPrompted(OnnxSession session, CaptionerConfig config)
    {
        OnnxTensor[] caches = [.. session.Inputs.Where(input => IsCache(input.Name))];
        if (caches.Length == 0 || session.Inputs.All(input => input.Name != Embeddings))
        {
            throw new InvalidModelException(
                $"The decoder '{session.Path}' takes {string.Join(", ", session.Inputs)}; expected inputs_embeds and {Past}.*, because its prompt holds a picture.");
        }

        if (session.Inputs.FirstOrDefault(input => input.Name == Positions) is { Dimensions.Count: not 2 } positions)
        {
            throw new InvalidModelException($"The decoder '{session.Path}' takes {positions}; expected batch × length. Rotary positions of more than one axis are not supported.");
        }

        foreach (OnnxTensor cache in caches)
        {
            if (!session.Outputs.Any(output => CacheOf(output.Name) == cache.Name))
            {
                throw new InvalidModelException(
                    $"The decoder '{session.Path}' takes the cache {cache}, which it does not give. Found: {string.Join(", ", session.Outputs.Select(output => output.Name))}.");
            }

            foreach ((int axis, int? configured, string name) in new[] { (1, config.Heads, "num_key_value_heads"), (3, config.HeadWidth, "head_dim") })
            {
                if (configured is { } expected && (cache.Dimensions.Count != 4 || (cache.Dimensions[axis] != OnnxTensor.Dynamic && cache.Dimensions[axis] != expected)))
                {
                    throw new InvalidModelException(
                        $"The decoder '{session.Path}' takes the cache {cache}, but config.json says that {name} is {expected}; expected batch × heads × past × width. "
                        + "Use the configuration that belongs to the graph.");
                }
            }
        }
    }

    private static bool IsFed(string input, bool embeds, bool readsPrompt) => input switch
    {
        Embeddings => embeds,
        Ids or Encoded or EncodedMask => !readsPrompt,
        _ => Known.Contains(input) || IsCache(input),
    };
}
