namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A file that was left out, and why.</summary>
internal sealed record FailedFile(string File, string Error);
