using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Onnx.Joint;

/// <summary>Tensors in the memory of ONNX Runtime, as numbers of either width.</summary>
internal static class JointTensors
{
    /// <summary>A tensor to be filled.</summary>
    public static OrtValue Allocate(TensorElementType type, params long[] shape) => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);

    /// <summary>Copies numbers into a part of a tensor.</summary>
    public static void Write(OrtValue tensor, TensorElementType type, int start, ReadOnlySpan<float> values)
    {
        Span<byte> data = tensor.GetTensorMutableRawData();
        if (type == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(data).Slice(start, values.Length));
        }
        else
        {
            values.CopyTo(MemoryMarshal.Cast<byte, float>(data)[start..]);
        }
    }

    /// <summary>The numbers of a tensor.</summary>
    public static float[] ToSingle(OrtValue tensor)
    {
        if (tensor.GetTensorTypeAndShape().ElementDataType != TensorElementType.Float16)
        {
            return tensor.GetTensorDataAsSpan<float>().ToArray();
        }

        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(tensor.GetTensorMutableRawData());
        float[] values = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, values);
        return values;
    }
}
