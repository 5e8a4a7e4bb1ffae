namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>How the size of an image is brought to the size that preprocessing asks for.</summary>
public enum ResizeMode
{
    /// <summary>The image keeps its size.</summary>
    None,

    /// <summary>Exactly the asked size; the aspect ratio is not kept ("squash").</summary>
    Exact,

    /// <summary>The aspect ratio is kept; the shorter edge gets the asked size and the longer one exceeds it.</summary>
    ShortestEdge,

    /// <summary>The aspect ratio is kept; the longer edge gets the asked size and the shorter one falls below it.</summary>
    LongestEdge,
}
