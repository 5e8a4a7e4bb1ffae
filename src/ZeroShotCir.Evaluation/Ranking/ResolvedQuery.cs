namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>A query whose images have been found among the features.</summary>
/// <param name="Position">The query's position in the annotation file, which is the row of its text.</param>
/// <param name="ReferenceRow">The row of the reference among all features.</param>
/// <param name="Reference">The ordinal of the reference in the ranked gallery, or -1.</param>
/// <param name="Target">The ordinal of the target, or -1 where it is not published.</param>
/// <param name="GroundTruths">The ordinals of all right answers; empty where the target is the only one.</param>
/// <param name="Subset">The ordinals among which subset recall ranks.</param>
/// <param name="Candidates">The ordinals of the query's own gallery; empty for the whole.</param>
internal sealed record ResolvedQuery(int Position, int ReferenceRow, int Reference, int Target, int[] GroundTruths, int[] Subset, int[] Candidates);
