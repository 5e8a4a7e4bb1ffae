namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>One method's figures in percent, <see langword="null"/> where none was published.</summary>
internal sealed record PublishedRow(string Method, string Backbone, string Kind, string Source, IReadOnlyList<double?> Figures, bool IsOurs = false);
