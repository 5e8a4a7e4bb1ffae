using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ZeroShotCir.Onnx.Execution;

/// <summary>An input or output that a graph declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">The type of its numbers.</param>
/// <param name="Dimensions">Its sizes; <see cref="Dynamic"/> where the caller chooses.</param>
/// <param name="AxisNames">The name of each dynamic axis, empty where there is none.</param>
internal sealed record OnnxTensor(string Name, TensorElementType ElementType, IReadOnlyList<long> Dimensions, IReadOnlyList<string> AxisNames)
{
    /// <summary>A size that the graph leaves open.</summary>
    public const long Dynamic = -1;

    /// <summary>The shape in words: <c>batch × 3 × 224 × 224</c>.</summary>
    public string Shape => Dimensions.Count == 0
        ? "scalar"
        : string.Join(" × ", Dimensions.Select((size, axis) => size != Dynamic ? $"{size}" : AxisNames[axis].Length > 0 ? AxisNames[axis] : "?"));

    /// <summary>The name, type and shape in words, for messages.</summary>
    public override string ToString() => $"{Name} ({ElementType}, {Shape})";

    /// <summary>Reads what ONNX Runtime tells of a loaded graph.</summary>
    public static OnnxTensor From(string name, NodeMetadata metadata) => metadata.IsTensor
        ? new(name, metadata.ElementDataType, [.. metadata.Dimensions.Select(size => (long)size)], metadata.SymbolicDimensions)
        : new(name, TensorElementType.DataTypeMax, [], []);
}
