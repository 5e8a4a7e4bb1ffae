namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What became of the album: how many of its pictures were read, how many rows are those of the reference, and one query.</summary>
internal sealed record AlbumOutcome(
    int Files,
    int Read,
    int Right,
    double LowestCosine,
    IReadOnlyDictionary<string, int> LeftOut,
    IReadOnlyList<FailedFile> Failed,
    int Duplicates,
    AlbumQuery Query);
