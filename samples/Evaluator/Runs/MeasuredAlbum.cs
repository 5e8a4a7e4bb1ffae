using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Evaluator.Reporting;

namespace ZeroShotCir.Evaluator.Runs;

/// <summary>What became of the album, for programs and for the report.</summary>
internal sealed record MeasuredAlbum(AlbumDocument Document, AlbumSection Section);
