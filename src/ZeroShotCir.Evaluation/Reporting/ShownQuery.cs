namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>A query with what it found.</summary>
/// <param name="Text">What was asked for; empty where pictures alone ask.</param>
/// <param name="Details">What else is said of it: texts that must be there, other wordings, how it was ranked.</param>
/// <param name="References">The pictures that it starts from.</param>
/// <param name="Hits">What was found, best first.</param>
internal sealed record ShownQuery(string Text, IReadOnlyList<string> Details, IReadOnlyList<AlbumPicture> References, IReadOnlyList<AlbumPicture> Hits);
