namespace ZeroShotCir.Tool.Documents;

/// <summary>A picture of a gallery.</summary>
internal sealed record ListedItem(string Id, string? File, IReadOnlyList<string> Captions);
