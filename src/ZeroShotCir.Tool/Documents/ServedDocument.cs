namespace ZeroShotCir.Tool.Documents;

/// <summary>What a server served, once it has ended.</summary>
/// <param name="Gallery">The gallery folder.</param>
internal sealed record ServedDocument(string Gallery);
