namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir dataset check</c>.</summary>
internal sealed record DatasetCheckDocument(IReadOnlyList<DatasetCheckResult> Datasets, IReadOnlyList<string> UnknownCaptions, bool Complete) : PartialResult;
