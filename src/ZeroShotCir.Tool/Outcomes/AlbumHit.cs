namespace ZeroShotCir.Tool.Outcomes;

/// <summary>A picture of the album that was found.</summary>
internal sealed record AlbumHit(string Id, float Score, bool Right);
