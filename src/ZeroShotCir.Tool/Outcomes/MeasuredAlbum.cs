using ZeroShotCir.Evaluation.Reporting;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What became of the album, for programs and for the report.</summary>
/// <param name="Document">What was read, and one query.</param>
/// <param name="Section">The same for the report.</param>
/// <param name="Strategies">Every strategy on every kind of its queries, for the report.</param>
internal sealed record MeasuredAlbum(AlbumOutcome Document, AlbumSection Section, IReadOnlyList<StrategySection> Strategies);
