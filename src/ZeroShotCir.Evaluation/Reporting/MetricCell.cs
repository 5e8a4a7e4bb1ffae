namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A figure with its 95 % interval and the p-value of the paired test against the table's last row, where they were computed; shares in percent.</summary>
internal readonly record struct MetricCell(double Value, double? Low = null, double? High = null, double? PValue = null);
