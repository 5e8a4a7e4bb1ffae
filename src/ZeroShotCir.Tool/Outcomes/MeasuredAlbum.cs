using ZeroShotCir.Evaluation.Reporting;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What became of the album, for programs and for the report.</summary>
internal sealed record MeasuredAlbum(AlbumOutcome Document, AlbumSection Section);
