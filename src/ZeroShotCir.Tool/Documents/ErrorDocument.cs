namespace ZeroShotCir.Tool.Documents;

/// <summary>What went wrong: the name of the exception and its message.</summary>
internal sealed record ErrorDocument(string Type, string Message);
