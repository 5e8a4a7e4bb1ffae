namespace ZeroShotCir.Onnx.Models;

/// <summary>A graph of a model folder.</summary>
/// <param name="File">Its file, relative to the folder.</param>
/// <param name="Inputs">What it takes.</param>
/// <param name="Outputs">What it gives.</param>
public sealed record GraphInspection(string File, IReadOnlyList<GraphTensor> Inputs, IReadOnlyList<GraphTensor> Outputs);
