namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>An estimate and the interval that holds its true value with a confidence of 95 %, in the unit of the metric.</summary>
/// <param name="Estimate">The value on the queries at hand.</param>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public readonly record struct ConfidenceInterval(double Estimate, double Lower, double Upper);
