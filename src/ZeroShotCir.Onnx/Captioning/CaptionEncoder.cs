using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Turns pixels into the hidden states that the decoder looks at.</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class CaptionEncoder(OnnxSession session) : IDisposable
{
    private const int HiddenStateAxes = 3;
    private readonly string _output = (
        session.Outputs.FirstOrDefault(output => output.Name == "last_hidden_state")
        ?? session.Outputs.FirstOrDefault(output => output.Dimensions.Count == HiddenStateAxes)
        ?? session.Outputs[0]).Name;

    /// <summary>Hidden states, [1, patches, width], of an image of planes of pixels.</summary>
    public OrtValue Encode(float[] pixels, int height, int width, CaptionMemory memory, CancellationToken cancellationToken)
    {
        OrtValue input = memory.Keep(PixelValues(pixels, [1, 3, height, width]));
        return memory.Keep(session.Run([session.Inputs[0].Name], [input], [_output], cancellationToken))[0];
    }

    public void Dispose() => session.Dispose();

    private OrtValue PixelValues(float[] pixels, long[] shape)
    {
        OnnxTensor declared = session.Inputs[0];
        for (int axis = 1; axis < declared.Dimensions.Count; axis++)
        {
            if (declared.Dimensions[axis] != OnnxTensor.Dynamic && declared.Dimensions[axis] != shape[axis])
            {
                throw new InvalidModelException(
                    $"preprocessor_config.json makes images of {shape[3]} × {shape[2]} pixels, but the encoder '{session.Path}' takes {declared}. Use the configuration that belongs to the model.");
            }
        }

        if (declared.ElementType != TensorElementType.Float16)
        {
            return OrtValue.CreateTensorValueFromMemory(pixels, shape);
        }

        Float16[] halves = new Float16[pixels.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(pixels, System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()));
        return OrtValue.CreateTensorValueFromMemory(halves, shape);
    }
}
