namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A row that lacks evidence, and what it needs.</summary>
internal sealed record UnmeasuredRow(string Label, string Needs);
