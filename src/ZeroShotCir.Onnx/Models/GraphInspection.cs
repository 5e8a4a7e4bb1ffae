namespace ZeroShotCir.Onnx.Models;

/// <summary>A graph of a model folder.</summary>
public sealed class GraphInspection
{
    internal GraphInspection(string file, IReadOnlyList<GraphTensor> inputs, IReadOnlyList<GraphTensor> outputs)
    {
        File = file;
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>Its file, relative to the folder.</summary>
    public string File { get; }

    /// <summary>What it takes.</summary>
    public IReadOnlyList<GraphTensor> Inputs { get; }

    /// <summary>What it gives.</summary>
    public IReadOnlyList<GraphTensor> Outputs { get; }

    /// <summary>The bytes of the graph and its weights; loaded, it takes at least that much memory.</summary>
    public long Bytes { get; internal init; }
}
