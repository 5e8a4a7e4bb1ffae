namespace ZeroShotCir.Similarity;

/// <summary>How a search reached its result.</summary>
/// <param name="Kernel">The instruction set and the numbers that were scanned, for example <c>avx512-f32</c> or <c>avx512-i8</c>.</param>
/// <param name="Rescored">
/// How many rows, over all queries, were scored in float32 after a certified scan could not rule them out;
/// <see langword="null"/> when the float32 rows themselves were scanned.
/// </param>
public readonly record struct SearchStatistics(string Kernel, long? Rescored);
