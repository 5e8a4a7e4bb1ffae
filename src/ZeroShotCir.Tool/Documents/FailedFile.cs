namespace ZeroShotCir.Tool.Documents;

/// <summary>A file that was left out, and why.</summary>
internal sealed record FailedFile(string File, string Error);
