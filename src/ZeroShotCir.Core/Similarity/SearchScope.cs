namespace ZeroShotCir.Similarity;

/// <summary>Which items a search may return. The default scope allows all; that of a selection is made by <see cref="Galleries.Gallery.Scope"/>.</summary>
public readonly record struct SearchScope
{
    /// <summary>Makes a scope of all items but some.</summary>
    /// <param name="excluded">Ordinals that must not be returned, in any order; CIRR excludes the reference image so.</param>
    public SearchScope(ReadOnlyMemory<int> excluded)
        : this(excluded, default)
    {
    }

    internal SearchScope(ReadOnlyMemory<int> excluded, ReadOnlyMemory<ulong> allowed)
    {
        Excluded = excluded;
        Allowed = allowed;
    }

    /// <summary>Ordinals that must not be returned.</summary>
    public ReadOnlyMemory<int> Excluded { get; }

    /// <summary>
    /// One bit per item, item <c>i</c> in bit <c>i % 64</c> of element <c>i / 64</c>; only items whose bit is set may be returned.
    /// Empty allows all.
    /// </summary>
    internal ReadOnlyMemory<ulong> Allowed { get; }
}
