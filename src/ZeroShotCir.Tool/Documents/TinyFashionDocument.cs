using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir</c> alone.</summary>
internal sealed record TinyFashionDocument(
    string Dataset, IReadOnlyList<TinyFashionResult> Results, IReadOnlyList<LiveCaption> Captions, AlbumOutcome? Album, string Report, double Seconds);
