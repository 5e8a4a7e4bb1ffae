namespace ZeroShotCir.Tensors;

/// <summary>A tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">The name, unique in the file.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">The sizes of its axes, outermost first; empty for a single number.</param>
/// <param name="Offset">Where its first byte lies, counted from the first byte after the header.</param>
/// <param name="ByteLength">Its size in bytes.</param>
public sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape, long Offset, long ByteLength);
