namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A few facts of a run under one heading.</summary>
internal sealed record ManifestGroup(string Name, IReadOnlyList<(string Name, string Value)> Facts);
