namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>What a report shows of a person's picture folder: what became of its files, and a query with what it found.</summary>
/// <param name="Facts">What was read, what was not, and why.</param>
/// <param name="Text">The text of the query.</param>
/// <param name="Reference">The reference image of the query.</param>
/// <param name="Hits">What was found, best first.</param>
internal sealed record AlbumSection(IReadOnlyList<ManifestGroup> Facts, string Text, AlbumPicture Reference, IReadOnlyList<AlbumPicture> Hits);
