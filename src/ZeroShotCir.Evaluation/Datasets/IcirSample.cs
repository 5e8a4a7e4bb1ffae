namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>A picture of a shard of i-CIR, and what the JSON beside it says.</summary>
/// <param name="Path">What the annotations call the picture.</param>
/// <param name="Text">The text of its line; empty for what answers no query.</param>
/// <param name="Instance">The instance that it belongs to.</param>
/// <param name="Shard">The file that it lies in.</param>
/// <param name="Part">Where.</param>
internal sealed record IcirSample(string Path, string Text, string Instance, string Shard, FilePart Part);
