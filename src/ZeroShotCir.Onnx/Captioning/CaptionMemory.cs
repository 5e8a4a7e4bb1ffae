using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>Owns native memory: of one image's decoding, or of one step of it. What is not released before goes with it.</summary>
/// <remarks>Not for concurrent use: each call of the captioner has its own.</remarks>
internal sealed class CaptionMemory : IDisposable
{
    private readonly HashSet<IDisposable> _owned = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many resources it holds.</summary>
    public int Count => _owned.Count;

    public T Keep<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }

    /// <summary>Gives memory back that nobody will read any more.</summary>
    public void Release(IReadOnlyList<IDisposable> resources)
    {
        foreach (IDisposable resource in resources)
        {
            if (_owned.Remove(resource))
            {
                resource.Dispose();
            }
        }
    }

    /// <summary>Gives some of what it holds to another owner.</summary>
    public void MoveTo(CaptionMemory other, IReadOnlyList<IDisposable> resources)
    {
        foreach (IDisposable resource in resources)
        {
            other._owned.Add(resource);
            _owned.Remove(resource);
        }
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

    /// <summary>A tensor in the type that a graph takes: some exports write half precision and read single, or the reverse.</summary>
    public OrtValue As(OrtValue value, TensorElementType type)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.ElementDataType == type)
        {
            return value;
        }

        OrtValue converted = Empty(type, info.Shape);
        switch (info.ElementDataType, type)
        {
            case (TensorElementType.Float16, TensorElementType.Float):
                System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(
                    MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()),
                    converted.GetTensorMutableDataAsSpan<float>());
                break;
            case (TensorElementType.Float, TensorElementType.Float16):
                System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(
                    value.GetTensorDataAsSpan<float>(),
                    MemoryMarshal.Cast<Float16, Half>(converted.GetTensorMutableDataAsSpan<Float16>()));
                break;
            default:
                throw new InvalidModelException(
                    $"One graph writes {info.ElementDataType} where the next takes {type}; both must be of single or half precision. "
                    + "Take all graphs from one export.");
        }

        return converted;
    }

    public void Dispose()
    {
        foreach (IDisposable resource in _owned)
        {
            resource.Dispose();
        }
    }
}
