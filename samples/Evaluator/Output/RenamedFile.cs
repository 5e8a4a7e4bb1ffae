namespace ZeroShotCir.Evaluator.Output;

/// <summary>A picture that was renamed or moved.</summary>
internal sealed record RenamedFile(string From, string To);
