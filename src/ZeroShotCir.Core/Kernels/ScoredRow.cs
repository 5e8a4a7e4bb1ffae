namespace ZeroShotCir.Kernels;

/// <summary>A row that a scan found, with its score: what <see cref="Similarity.SearchHit"/> is outside, number for number.</summary>
internal readonly record struct ScoredRow(int Ordinal, float Score);
