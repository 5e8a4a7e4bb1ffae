namespace ZeroShotCir.Tool.Runs;

/// <summary>All that is asked of the album.</summary>
/// <param name="Kinds">The queries, kind by kind.</param>
/// <param name="Sessions">The sessions, turn by turn.</param>
internal sealed record AlbumQuestions(IReadOnlyList<AlbumKind> Kinds, AlbumSessions Sessions);
