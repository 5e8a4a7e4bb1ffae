using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Runs the decoder graphs one token at a time, feeding each step's caches to the next without copying them.</summary>
/// <remarks>
/// Serves concurrent callers. Caches whose name holds "encoder" keep the value of the first step: the cached branch of merged
/// graphs returns empty dummies for them. A graph without caches gets all tokens every time.
/// </remarks>
internal sealed class CaptionDecoder
{
    private readonly OnnxSession _first;
    private readonly OnnxSession _next;
    private readonly TokenEmbedding? _embedding;
    private readonly CaptionerConfig _config;
    private readonly bool _readsPrompt;
    private readonly bool _hasCache;

    /// <param name="first">Decodes the first tokens.</param>
    /// <param name="next">Decodes every further token.</param>
    /// <param name="embedding">Turns tokens into the vectors that the graphs take instead of them.</param>
    /// <param name="config">What the configuration says.</param>
    /// <param name="readsPrompt">Whether the picture is in the prompt that is decoded first, so that there is no encoder to look at.</param>
    /// <exception cref="InvalidModelException">A graph needs an input that is not known here, or gives no logits.</exception>
    public CaptionDecoder(OnnxSession first, OnnxSession next, TokenEmbedding? embedding, CaptionerConfig config, bool readsPrompt)
    {
        foreach (OnnxSession session in new[] { first, next })
        {
            DecoderInputs.Check(session, embedding is not null, readsPrompt, config);
        }

        _first = first;
        _next = next;
        _embedding = embedding;
        _config = config;
        _readsPrompt = readsPrompt;
        _hasCache = next.Inputs.Any(input => DecoderInputs.IsCache(input.Name));
    }

    /// <summary>The state after the tokens that every caption starts with.</summary>
    public DecoderState Start(int[] ids, OrtValue encoded, CaptionMemory memory, CancellationToken cancellationToken)
        => Run(_first, ids, ids, encoded, past: null, memory, cancellationToken);

    /// <summary>The state after one more token.</summary>
    public DecoderState Append(DecoderState state, int token, OrtValue encoded, CaptionMemory memory, CancellationToken cancellationToken)
    {
        int[] ids = [.. state.Ids, token];
        return _hasCache
            ? Run(_next, ids, [token], encoded, state.Past, memory, cancellationToken)
            : Run(_next, ids, ids, encoded, past: null, memory, cancellationToken);
    }

    private DecoderState Run(
        OnnxSession session, int[] ids, int[] fed, OrtValue encoded, IReadOnlyDictionary<string, OrtValue>? past, CaptionMemory memory, CancellationToken cancellationToken)
    {
        using CaptionMemory step = new();
        List<OrtValue> inputs = [];
        foreach (OnnxTensor input in session.Inputs)
        {
            inputs.Add(input.Name switch
            {
                DecoderInputs.Ids => step.Ids(fed),
                DecoderInputs.Embeddings => step.As(_readsPrompt && past is null ? encoded : _embedding!.Embed(fed, step, cancellationToken), input.ElementType),
                DecoderInputs.Encoded => step.As(encoded, input.ElementType),
                DecoderInputs.EncodedMask => step.Ones(encoded.GetTensorTypeAndShape().Shape[1]),
                "attention_mask" => step.Ones(ids.Length),
                DecoderInputs.Positions => step.Ids([.. Enumerable.Range(ids.Length - fed.Length, fed.Length)]),
                "num_logits_to_keep" => step.Integers([1], []),
                "use_cache_branch" => step.Flag(past is not null),
                _ => past is null ? EmptyPast(session, input, step) : Cached(session, past, input),
            });
        }

        string[] outputs = [.. session.Outputs.Select(output => output.Name)];
        OrtValue[] results = [.. session.Run([.. session.Inputs.Select(input => input.Name)], inputs, outputs, cancellationToken).Select(step.Keep)];
        Dictionary<string, OrtValue> present = past is null ? [] : new(past);
        List<OrtValue> own = [];
        float[] logProbabilities = [];
        foreach ((string name, OrtValue result) in outputs.Zip(results))
        {
            if (name == DecoderInputs.Logits)
            {
                logProbabilities = LastRow(session, result);
            }
            else if (DecoderInputs.CacheOf(name) is { } cache && (past is null || !cache.Contains("encoder", StringComparison.Ordinal)))
            {
                present[cache] = result;
                own.Add(result);
            }
        }

        step.MoveTo(memory, own);
        return new DecoderState(present, logProbabilities, ids, own);
    }

    private static OrtValue Cached(OnnxSession session, IReadOnlyDictionary<string, OrtValue> past, OnnxTensor input)
        => past.TryGetValue(input.Name, out OrtValue? value)
            ? value
            : throw new InvalidModelException($"The decoder '{session.Path}' needs the cache {input}, which the step before does not give. Take both graphs from one export.");

    private OrtValue EmptyPast(OnnxSession session, OnnxTensor input, CaptionMemory memory)
    {
        long heads = Known(input, 1, _config.Heads, session);
        long width = Known(input, 3, _config.HeadWidth, session);
        return memory.Empty(input.ElementType, [1, heads, 0, width]);
    }

    private static long Known(OnnxTensor input, int axis, int? configured, OnnxSession session)
        => input.Dimensions.Count == 4 && input.Dimensions[axis] != OnnxTensor.Dynamic
            ? input.Dimensions[axis]
            : configured ?? throw new InvalidModelException(
                $"Neither the decoder '{session.Path}' nor its config.json tells axis {axis} of the cache {input}; expected n_head and n_embd, or fixed axes.");

    private static float[] LastRow(OnnxSession session, OrtValue logits)
    {
        OrtTensorTypeAndShapeInfo info = logits.GetTensorTypeAndShape();
        int vocabulary = (int)info.Shape[^1];
        float[] row = new float[vocabulary];
        if (info.ElementDataType == TensorElementType.Float16)
        {
            ReadOnlySpan<Float16> last = logits.GetTensorDataAsSpan<Float16>()[^vocabulary..];
            TensorPrimitives.ConvertToSingle(System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(last), row);
        }
        else
        {
            logits.GetTensorDataAsSpan<float>()[^vocabulary..].CopyTo(row);
        }

        double sum = 0;
        float largest = TensorPrimitives.Max(row);
        if (!float.IsFinite(largest))
        {
            throw new InvalidModelException($"The decoder '{session.Path}' gave the logit {largest}; every logit must be a finite number. Try another precision of the model.");
        }

        foreach (float logit in row)
        {
            sum += Math.Exp(logit - largest);
        }

        TensorPrimitives.Subtract(row, (float)(largest + Math.Log(sum)), row);
        return row;
    }
}
