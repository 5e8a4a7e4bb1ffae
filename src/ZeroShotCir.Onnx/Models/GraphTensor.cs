namespace ZeroShotCir.Onnx.Models;

/// <summary>An input or output of a graph.</summary>
public sealed class GraphTensor
{
    internal GraphTensor(string name, string type, string shape)
    {
        Name = name;
        Type = type;
        Shape = shape;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The type of its numbers, such as <c>float</c> or <c>int64</c>.</summary>
    public string Type { get; }

    /// <summary>Its dimensions, such as <c>batch × 3 × 224 × 224</c>.</summary>
    public string Shape { get; }
}
