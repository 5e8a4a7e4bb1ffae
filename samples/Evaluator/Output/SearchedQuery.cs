namespace ZeroShotCir.Evaluator.Output;

/// <summary>What was searched for, where, and how.</summary>
internal sealed record SearchedQuery(
    string Gallery, int Images, string? Model, string? Image, string? Id, IReadOnlyList<string> References, string? Text, int K, double? Alpha, double Beta, IReadOnlyList<string> Excluded, string? Only, bool Folded);
