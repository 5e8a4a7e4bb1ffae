namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir</c> alone.</summary>
internal sealed record TinyFashionDocument(
    string Dataset, IReadOnlyList<TinyFashionResult> Results, IReadOnlyList<LiveCaption> Captions, AlbumDocument? Album, string Report, double Seconds);
