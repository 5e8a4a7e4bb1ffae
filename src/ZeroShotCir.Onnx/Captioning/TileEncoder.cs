using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>
/// Turns the tiles of a picture into vectors that stand among those of words. Each tile goes through the graph alone: seventeen at
/// once take seventeen times the memory, and a graph that quantizes by the range of its batch would mix them.
/// </summary>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class TileEncoder : IDisposable
{
    private const string Pixels = "pixel_values";
    private const string Mask = "pixel_attention_mask";
    private readonly OnnxSession _session;
    private readonly int _edge;
    private readonly string _output;

    /// <exception cref="InvalidModelException">The graph takes something else than tiles of this size.</exception>
    public TileEncoder(OnnxSession session, int edge)
    {
        if (session.Inputs.FirstOrDefault(input => input.Name is not (Pixels or Mask)) is { } unknown)
        {
            throw new InvalidModelException($"The vision encoder '{session.Path}' needs the input {unknown}, which cannot be fed; known are {Pixels} and {Mask}.");
        }

        foreach (OnnxTensor input in session.Inputs)
        {
            long[] expected = input.Name == Pixels ? [1, 1, 3, edge, edge] : [1, 1, edge, edge];
            if (input.Dimensions.Count != expected.Length || !input.Dimensions.Zip(expected).All(axis => axis.First == OnnxTensor.Dynamic || axis.First == axis.Second))
            {
                throw new InvalidModelException(
                    $"The vision encoder '{session.Path}' takes {input}; "
                    + $"expected batch × tiles{(input.Name == Pixels ? " × 3" : string.Empty)} × {edge} × {edge}, one tile at a time. "
                    + "Use the preprocessor_config.json that belongs to the model.");
            }
        }

        if (session.Inputs.All(input => input.Name != Pixels))
        {
            throw new InvalidModelException($"The vision encoder '{session.Path}' takes no {Pixels}. Found: {string.Join(", ", session.Inputs)}.");
        }

        _session = session;
        _edge = edge;
        _output = (session.Outputs.FirstOrDefault(output => output.Name == "image_features") ?? session.Outputs[0]).Name;
    }

    /// <summary>The vectors of a tile, one after another.</summary>
    public OrtValue Encode(float[] planes, CaptionMemory memory, CancellationToken cancellationToken)
    {
        OrtValue[] inputs = [.. _session.Inputs.Select(input => input.Name == Pixels
            ? memory.As(memory.Keep(OrtValue.CreateTensorValueFromMemory(planes, [1, 1, 3, _edge, _edge])), input.ElementType)
            : AllSeen(input, memory))];
        return memory.Keep(_session.Run([.. _session.Inputs.Select(input => input.Name)], inputs, [_output], cancellationToken))[0];
    }

    public void Dispose() => _session.Dispose();

    private OrtValue AllSeen(OnnxTensor input, CaptionMemory memory)
    {
        OrtValue mask = memory.Empty(input.ElementType, [1, 1, _edge, _edge]);
        switch (input.ElementType)
        {
            case TensorElementType.Bool:
                mask.GetTensorMutableDataAsSpan<bool>().Fill(true);
                break;
            case TensorElementType.Int64:
                mask.GetTensorMutableDataAsSpan<long>().Fill(1);
                break;
            default:
                throw new InvalidModelException($"The vision encoder '{_session.Path}' takes {input}; expected flags or whole numbers of 64 bits.");
        }

        return mask;
    }
}
