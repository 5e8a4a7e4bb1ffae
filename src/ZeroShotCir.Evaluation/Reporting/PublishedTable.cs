namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Published figures beside the run's own.</summary>
/// <param name="Title">The benchmark.</param>
/// <param name="Note">What keeps the rows from being like for like.</param>
/// <param name="Metrics">The names of the columns.</param>
/// <param name="Rows">The run's own rows first.</param>
internal sealed record PublishedTable(string Title, string Note, IReadOnlyList<string> Metrics, IReadOnlyList<PublishedRow> Rows);
