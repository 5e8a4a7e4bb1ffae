using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Owns the native memory of one image's decoding: caches are shared between sequences, so they live until the end.</summary>
/// <remarks>Not for concurrent use: each call of the captioner has its own.</remarks>
internal sealed class CaptionMemory : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    public T Keep<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    public OrtValue Integers(long[] values, long[] shape) => Keep(OrtValue.CreateTensorValueFromMemory(values, shape));

    public OrtValue Ids(ReadOnlySpan<int> ids)
    {
        long[] values = new long[ids.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertChecked(ids, values);
        return Integers(values, [1, ids.Length]);
    }

    public OrtValue Ones(long count)
    {
        long[] ones = new long[count];
        Array.Fill(ones, 1);
        return Integers(ones, [1, count]);
    }

    public OrtValue Flag(bool value) => Keep(OrtValue.CreateTensorValueFromMemory(new[] { value }, [1]));

    public OrtValue Empty(TensorElementType type, long[] shape) => Keep(OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape));

    public void Dispose()
    {
        foreach (IDisposable resource in _owned)
        {
            resource.Dispose();
        }
    }
}
