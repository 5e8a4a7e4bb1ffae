namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir compare</c>: one table per data set.</summary>
internal sealed record CompareDocument(string Command, IReadOnlyList<ComparisonDocument> Tables);
