namespace ZeroShotCir.Onnx.Models;

/// <summary>A graph of a model folder.</summary>
/// <param name="File">Its file, relative to the folder.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it gives.</param>
public sealed record GraphInspection(string File, IReadOnlyList<GraphTensor> Inputs, IReadOnlyList<GraphTensor> Outputs)
{
    /// <summary>The bytes of the graph and its weights; loaded, it takes at least that much memory.</summary>
    public long Bytes { get; init; }
}
