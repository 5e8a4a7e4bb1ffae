namespace ZeroShotCir.Imaging.Resampling;

/// <summary>Which of a resize's two passes runs first; each pass rounds to bytes, so the order can change a value by one gray level.</summary>
/// <remarks>
/// The orders differ for pictures much taller than the target asks for: with shortest-edge resizing those taller than 2:1
/// (screenshots of tall phones), with squashing to S × S those with height &gt; 2 · width − S. There about one value in a hundred differs.
/// </remarks>
public enum ResizeOrder
{
    /// <summary>The width first, always: Pillow up to 12.1, by which most published figures were computed.</summary>
    Pillow12,

    /// <summary>
    /// The height first where it shrinks by more than twice what the width shrinks by, else the width: Pillow from 13.0.
    /// (12.2 and 12.3 do so only above 100:1 and are neither of the two there.)
    /// </summary>
    Pillow13,
}
