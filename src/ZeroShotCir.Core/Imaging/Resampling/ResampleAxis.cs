namespace ZeroShotCir.Imaging.Resampling;

/// <summary>
/// One axis of a resize: pixels of the source, black borders around them, the size both are resized to, and the
/// part of it that is kept. The part may begin before the resized axis and end after it; nothing is computed there.
/// </summary>
/// <param name="Source">The pixels there are.</param>
/// <param name="Border">Black pixels before and after them, which are never materialised.</param>
/// <param name="Resized">The size after resizing.</param>
/// <param name="Offset">The first pixel that is kept; negative where the part exceeds the resized axis.</param>
/// <param name="Count">The pixels that are kept.</param>
/// <param name="IsMirrored">Whether the source is stored from its far end: its weights then count from there, while what is computed stays in the order of the picture.</param>
internal readonly record struct ResampleAxis(int Source, int Border, long Resized, long Offset, int Count, bool IsMirrored = false)
{
    /// <summary>The source with its borders.</summary>
    public long Padded => Source + (2L * Border);

    /// <summary>Whether every kept pixel is a pixel of the source.</summary>
    public bool IsCopy => Resized == Source && Border == 0;

    /// <summary>The kept pixels that lie before the resized axis.</summary>
    public int Lead => (int)Math.Clamp(-Offset, 0, Count);

    /// <summary>The first pixel of the resized axis that is computed.</summary>
    public long First => Offset + Lead;

    /// <summary>The number of pixels that are computed.</summary>
    public int Computed => (int)Math.Max(0, Math.Min(Offset + Count, Resized) - First);

    /// <summary>The whole of an axis.</summary>
    public static ResampleAxis Whole(int source, int resized) => new(source, 0, resized, 0, resized);
}
