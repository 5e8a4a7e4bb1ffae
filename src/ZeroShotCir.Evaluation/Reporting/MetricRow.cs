namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>One setting: its name, its parameters, and its figures; <see langword="null"/> where a metric does not apply.</summary>
internal sealed record MetricRow(string Setting, string Detail, IReadOnlyList<MetricCell?> Cells)
{
    /// <summary>What the setting needs and does not have, in the place of figures; <see langword="null"/> where it was measured.</summary>
    public string? Needs { get; init; }
}
