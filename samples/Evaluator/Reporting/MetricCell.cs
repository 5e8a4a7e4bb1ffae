namespace ZeroShotCir.Evaluator.Reporting;

/// <summary>A figure with its 95 % interval, where one was computed; shares in percent.</summary>
internal readonly record struct MetricCell(double Value, double? Low = null, double? High = null);
