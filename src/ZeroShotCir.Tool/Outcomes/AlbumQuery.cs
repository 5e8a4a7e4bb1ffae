namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A composed query on the album.</summary>
internal sealed record AlbumQuery(string Reference, string Text, double Alpha, IReadOnlyList<AlbumHit> Hits);
