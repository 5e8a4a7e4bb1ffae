namespace ZeroShotCir.Onnx.Models;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its numbers, such as <c>float</c> or <c>int64</c>.</param>
/// <param name="Shape">Its dimensions, such as <c>batch × 3 × 224 × 224</c>.</param>
public sealed record GraphTensor(string Name, string Type, string Shape);
