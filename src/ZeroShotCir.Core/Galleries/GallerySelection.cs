namespace ZeroShotCir.Galleries;

/// <summary>The items of a gallery that may be found, made once by <see cref="Gallery.Select(Func{int, bool})"/> and searched as often as wanted.</summary>
/// <remarks>Immutable; serves concurrent callers. It belongs to the gallery that made it, and others refuse it.</remarks>
public sealed class GallerySelection
{
    internal GallerySelection(Gallery gallery, ulong[] bits, int count)
    {
        Gallery = gallery;
        Bits = bits;
        Count = count;
    }

    /// <summary>The number of items.</summary>
    public int Count { get; }

    internal Gallery Gallery { get; }

    internal ulong[] Bits { get; }

    /// <summary>Whether an item may be found.</summary>
    /// <param name="ordinal">From 0 to the gallery's <see cref="Gallery.OrdinalCount"/> - 1.</param>
    /// <returns>Whether it may.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ordinal"/> is not an ordinal of the gallery.</exception>
    public bool Contains(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ordinal, Gallery.OrdinalCount);
        return ((Bits[ordinal >> 6] >> (ordinal & 63)) & 1) != 0;
    }
}
