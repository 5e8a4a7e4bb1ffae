namespace ZeroShotCir.Similarity;

/// <summary>What a search reads first. The result is the same, item for item and bit for bit, for every value.</summary>
public enum SearchPrecision
{
    /// <summary>
    /// The fastest that applies: a single query scans the compressed copy where the index was given one,
    /// a batch is compared in integers when it is large enough to repay the packing, or first along the few directions in which most of the
    /// length of its queries and rows lies, where there are such.
    /// </summary>
    Auto,

    /// <summary>Every score is computed from the float32 rows.</summary>
    Full,

    /// <summary>
    /// Integers first, or for a large batch products along leading directions, with a proven bound on their error; what the bound cannot rule out is
    /// scored in float32.
    /// The index makes the compressed copy that single queries need when it was not given one.
    /// </summary>
    Certified,
}
