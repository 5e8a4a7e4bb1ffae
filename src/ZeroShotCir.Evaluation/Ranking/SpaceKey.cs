using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>What settings must share to share a <see cref="RankingSpace"/>.</summary>
/// <param name="Missing">How an image without captions is treated.</param>
/// <param name="Evidence">What becomes of a query that lacks evidence.</param>
/// <param name="Space">Where queries and rows are compared.</param>
internal readonly record struct SpaceKey(MissingCaptions Missing, MissingEvidence Evidence, CompositionSpace Space);
