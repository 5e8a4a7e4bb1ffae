namespace ZeroShotCir.Evaluator.Reporting;

/// <summary>A figure in percent with its 95 % interval, where one was computed.</summary>
internal readonly record struct MetricCell(double Percent, double? Low = null, double? High = null);
