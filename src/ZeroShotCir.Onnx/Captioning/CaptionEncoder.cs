using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Turns pixels into the hidden states that the decoder looks at.</summary>
/// <remarks>Serves concurrent callers.</remarks>
internal sealed class CaptionEncoder : IDisposable
{
    private const int HiddenStateAxes = 3;
    private const int PixelAxes = 4;
    private readonly OnnxSession _session;
    private readonly OnnxTensor _pixels;
    private readonly string _output;

    /// <exception cref="InvalidModelException">The graph takes something else than pixels.</exception>
    public CaptionEncoder(OnnxSession session)
    {
        _session = session;
        _pixels = session.Inputs is [{ Dimensions.Count: PixelAxes } only]
            ? only
            : throw new InvalidModelException(
                $"The encoder '{session.Path}' takes {string.Join(", ", session.Inputs)}; "
                + "expected pixel_values [batch, 3, height, width] and nothing else. Models that need more than pixels are not supported.");
        _output = (
            session.Outputs.FirstOrDefault(output => output.Name == "last_hidden_state")
            ?? session.Outputs.FirstOrDefault(output => output.Dimensions.Count == HiddenStateAxes)
            ?? session.Outputs[0]).Name;
    }

    /// <summary>Hidden states, [1, patches, width], of an image of planes of pixels.</summary>
    public OrtValue Encode(float[] pixels, int height, int width, CaptionMemory memory, CancellationToken cancellationToken)
    {
        OrtValue input = memory.Keep(PixelValues(pixels, [1, 3, height, width]));
        return memory.Keep(_session.Run([_pixels.Name], [input], [_output], cancellationToken))[0];
    }

    public void Dispose() => _session.Dispose();

    private OrtValue PixelValues(float[] pixels, long[] shape)
    {
        for (int axis = 1; axis < _pixels.Dimensions.Count; axis++)
        {
            if (_pixels.Dimensions[axis] != OnnxTensor.Dynamic && _pixels.Dimensions[axis] != shape[axis])
            {
                throw new InvalidModelException(
                    $"preprocessor_config.json makes images of {shape[3]} × {shape[2]} pixels, but the encoder '{_session.Path}' takes {_pixels}. "
                    + "Use the configuration that belongs to the model.");
            }
        }

        if (_pixels.ElementType != TensorElementType.Float16)
        {
            return OrtValue.CreateTensorValueFromMemory(pixels, shape);
        }

        Float16[] halves = new Float16[pixels.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(pixels, System.Runtime.InteropServices.MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()));
        return OrtValue.CreateTensorValueFromMemory(halves, shape);
    }
}
