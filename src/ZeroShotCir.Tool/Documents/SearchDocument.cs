using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir search</c>.</summary>
internal sealed record SearchDocument(SearchedQuery Query, IReadOnlyList<FoundImage> Hits, double Seconds);
