namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Every strategy on one kind of query, and a few queries of that kind.</summary>
/// <param name="Table">Strategies against metrics.</param>
/// <param name="Queries">Queries to look at.</param>
internal sealed record StrategySection(MetricTable Table, IReadOnlyList<ShownQuery> Queries);
