namespace ZeroShotCir.Evaluator.Reporting;

/// <summary>Settings against metrics, in percent.</summary>
/// <param name="Title">What was measured on.</param>
/// <param name="Note">How to read it.</param>
/// <param name="Metrics">The names of the columns.</param>
/// <param name="Rows">One row per setting, each with as many cells as there are metrics.</param>
internal sealed record MetricTable(string Title, string Note, IReadOnlyList<string> Metrics, IReadOnlyList<MetricRow> Rows);
