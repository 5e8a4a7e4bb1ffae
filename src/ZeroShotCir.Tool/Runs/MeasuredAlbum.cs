using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Tool.Documents;

namespace ZeroShotCir.Tool.Runs;

/// <summary>What became of the album, for programs and for the report.</summary>
internal sealed record MeasuredAlbum(AlbumDocument Document, AlbumSection Section);
