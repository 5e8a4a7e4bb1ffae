namespace ZeroShotCir.Onnx.Hub;

/// <summary>What a hub tells of a revision of a repository.</summary>
internal sealed record HubListing(string Commit, IReadOnlyList<string> Files, string? License);
