namespace ZeroShotCir.Similarity;

/// <summary>What a search of an index came to beside its hits.</summary>
/// <param name="Found">How many hits each query got: k, or fewer when fewer rows are in scope.</param>
/// <param name="Kernel">The instruction set and the numbers that were scanned, for example <c>avx512-f32</c> or <c>avx512-i8</c>.</param>
/// <param name="Rescored">
/// How many rows, over all queries, were scored in float32 after a certified scan could not rule them out;
/// <see langword="null"/> when the float32 rows themselves were scanned.
/// </param>
public readonly record struct SearchStatistics(int Found, string Kernel, long? Rescored);
