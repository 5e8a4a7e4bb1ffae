namespace ZeroShotCir.Similarity;

/// <summary>Which items a search may return. The default scope allows all.</summary>
/// <param name="Excluded">Ordinals that must not be returned, in any order; CIRR excludes the reference image so.</param>
/// <param name="Allowed">
/// One bit per item, item <c>i</c> in bit <c>i % 64</c> of element <c>i / 64</c>; only items whose bit is set may be returned.
/// Empty allows all.
/// </param>
public readonly record struct SearchScope(ReadOnlyMemory<int> Excluded = default, ReadOnlyMemory<ulong> Allowed = default);
