namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>One setting: its name, its parameters, and its figures; <see langword="null"/> where a metric does not apply.</summary>
internal sealed record MetricRow(string Setting, string Detail, IReadOnlyList<MetricCell?> Cells);
