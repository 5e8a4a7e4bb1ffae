namespace ZeroShotCir.Tool.Documents;

/// <summary>A picture that was renamed or moved.</summary>
internal sealed record RenamedFile(string From, string To);
