namespace ZeroShotCir.Tensors;

/// <summary>A tensor of a safetensors file, as its header describes it.</summary>
public sealed class TensorInfo
{
    internal TensorInfo(string name, TensorType type, IReadOnlyList<long> shape, long offset, long byteLength)
    {
        Name = name;
        Type = type;
        Shape = shape;
        Offset = offset;
        ByteLength = byteLength;
    }

    /// <summary>The name, unique in the file.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public TensorType Type { get; }

    /// <summary>The sizes of its axes, outermost first; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Where its first byte lies, counted from the first byte after the header.</summary>
    public long Offset { get; }

    /// <summary>Its size in bytes.</summary>
    public long ByteLength { get; }
}
