namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of a command that failed.</summary>
internal sealed record FailureDocument(ErrorDocument Error);
