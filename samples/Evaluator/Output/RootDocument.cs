namespace ZeroShotCir.Evaluator.Output;

/// <summary>A folder that a gallery follows.</summary>
internal sealed record RootDocument(string Name, string Path);
