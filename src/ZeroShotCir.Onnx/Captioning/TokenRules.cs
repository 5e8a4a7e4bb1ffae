using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Which tokens a caption may not, or must, have: Hugging Face's <c>no_repeat_ngram_size</c>, <c>forced_bos_token_id</c> and <c>forced_eos_token_id</c>.</summary>
/// <param name="ForcedFirst">The token that is decoded first.</param>
/// <param name="ForcedLast">The token that ends a caption which has reached its full length.</param>
/// <param name="UniqueLength">Sequences of this length appear once; 0 for no such rule.</param>
internal sealed record TokenRules(int? ForcedFirst, int? ForcedLast, int UniqueLength)
{
    /// <summary>What the rules leave of the log probabilities. Nothing is spread over the other tokens, as in Hugging Face's <c>generate</c>.</summary>
    public float[] Apply(ReadOnlySpan<int> ids, int startLength, int maxLength, float[] logProbabilities)
    {
        // The last place rules over the first where a caption has only one.
        int? forced = ids.Length == maxLength - 1 && ForcedLast is { } last ? last : ids.Length == startLength ? ForcedFirst : null;
        if (forced is { } token)
        {
            if (token >= logProbabilities.Length)
            {
                throw new InvalidModelException(
                    $"generation_config.json forces the token {token}, but the decoder knows {logProbabilities.Length}. Use the configuration that belongs to the model.");
            }

            float[] certain = new float[logProbabilities.Length];
            Array.Fill(certain, float.NegativeInfinity);
            certain[token] = 0;
            return certain;
        }

        if (UniqueLength == 0 || ids.Length < UniqueLength)
        {
            return logProbabilities;
        }

        float[] allowed = [.. logProbabilities];
        ReadOnlySpan<int> tail = ids[^(UniqueLength - 1)..];
        for (int end = UniqueLength - 1; end < ids.Length; end++)
        {
            if (ids[(end - UniqueLength + 1)..end].SequenceEqual(tail))
            {
                allowed[ids[end]] = float.NegativeInfinity;
            }
        }

        return allowed;
    }
}
