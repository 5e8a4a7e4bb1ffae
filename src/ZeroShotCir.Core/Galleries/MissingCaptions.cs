namespace ZeroShotCir.Galleries;

/// <summary>How an item without captions is scored.</summary>
public enum MissingCaptions
{
    /// <summary>By its image alone, <c>q·v̂_n</c>; the default of galleries.</summary>
    ImageOnly,

    /// <summary>With the embedding of the empty text as its caption, as the published code does; the default of evaluation.</summary>
    EmptyText,
}
