using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Encodes an image's hidden states, followed by the vectors of an instruction, as Florence-2 does.</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class InstructionEncoder(OnnxSession session, TokenEmbedding embedding, int[] instruction) : IDisposable
{
    public OrtValue Encode(OrtValue image, CaptionMemory memory, CancellationToken cancellationToken)
    {
        OnnxTensor sequence = session.Inputs.FirstOrDefault(input => input.Name == "inputs_embeds")
            ?? throw new InvalidModelException($"The encoder '{session.Path}' takes {string.Join(", ", session.Inputs)}; expected inputs_embeds and attention_mask.");
        OrtValue joined = Join(
            memory.As(image, sequence.ElementType), memory.As(embedding.Embed(instruction, memory, cancellationToken), sequence.ElementType), memory);
        List<OrtValue> inputs = [];
        foreach (OnnxTensor input in session.Inputs)
        {
            inputs.Add(input.Name switch
            {
                "inputs_embeds" => joined,
                "attention_mask" => memory.Ones(joined.GetTensorTypeAndShape().Shape[1]),
                _ => throw new InvalidModelException($"The encoder '{session.Path}' needs the input {input}, which is unknown; known are inputs_embeds and attention_mask."),
            });
        }

        return memory.Keep(session.Run([.. session.Inputs.Select(input => input.Name)], inputs, [session.Outputs[0].Name], cancellationToken))[0];
    }

    public void Dispose() => session.Dispose();

    private OrtValue Join(OrtValue first, OrtValue second, CaptionMemory memory)
    {
        OrtTensorTypeAndShapeInfo a = first.GetTensorTypeAndShape();
        OrtTensorTypeAndShapeInfo b = second.GetTensorTypeAndShape();
        if (a.Shape.Length != 3 || b.Shape.Length != 3 || a.Shape[2] != b.Shape[2] || a.ElementDataType != b.ElementDataType)
        {
            throw new InvalidModelException(
                $"The image is [{string.Join(", ", a.Shape)}] of {a.ElementDataType} and the instruction [{string.Join(", ", b.Shape)}] of {b.ElementDataType}; "
                + $"'{session.Path}' takes both as one sequence, so the last axes and the types must be equal. Take all graphs from one export.");
        }

        OrtValue joined = memory.Empty(a.ElementDataType, [1, a.Shape[1] + b.Shape[1], a.Shape[2]]);
        ReadOnlySpan<byte> head = first.GetTensorMutableRawData();
        head.CopyTo(joined.GetTensorMutableRawData());
        ((ReadOnlySpan<byte>)second.GetTensorMutableRawData()).CopyTo(joined.GetTensorMutableRawData()[head.Length..]);
        return joined;
    }
}
