namespace ZeroShotCir.Tool.Documents;

/// <summary>A folder that a gallery follows.</summary>
internal sealed record RootDocument(string Name, string Path);
