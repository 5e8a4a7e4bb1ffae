namespace ZeroShotCir.Retrieval;

/// <summary>Which rows an index holds.</summary>
internal enum IndexKind
{
    /// <summary>Images and captions folded into one vector each.</summary>
    Folded,

    /// <summary>Images and captions one behind the other.</summary>
    Stacked,

    /// <summary>The captions at one position.</summary>
    CaptionsAt,
}
