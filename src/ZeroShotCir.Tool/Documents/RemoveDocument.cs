namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery remove</c>.</summary>
internal sealed record RemoveDocument(string Gallery, IReadOnlyList<string> Removed, int Count);
