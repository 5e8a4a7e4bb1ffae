namespace ZeroShotCir.Similarity;

/// <summary>What a search of an index came to beside its hits.</summary>
public readonly record struct SearchStatistics
{
    internal SearchStatistics(int found, string kernel, long? rescored)
    {
        Found = found;
        Kernel = kernel;
        Rescored = rescored;
    }

    /// <summary>How many hits each query got: k, or fewer when fewer rows are in scope.</summary>
    public int Found { get; internal init; }

    /// <summary>
    /// The instruction set and the numbers that were scanned, for example <c>avx512-f32</c>, <c>avx512-i8</c> or <c>avx512-i4</c>;
    /// <c>avx512-pca</c> for a batch along leading directions.
    /// </summary>
    public string Kernel { get; internal init; }

    /// <summary>
    /// How many rows, over all queries, were scored in float32 after a certified scan could not rule them out;
    /// <see langword="null"/> when the float32 rows themselves were scanned.
    /// </summary>
    public long? Rescored { get; internal init; }
}
