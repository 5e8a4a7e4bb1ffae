namespace ZeroShotCir.Composition;

/// <summary>What a piece of evidence says about the image that is searched for.</summary>
public enum TermRole
{
    /// <summary>A reference image.</summary>
    Image,

    /// <summary>A modification text, or a text that says what is searched for.</summary>
    Text,

    /// <summary>A description of the image that is searched for: the reference after the change.</summary>
    TargetDescription,

    /// <summary>A description of the reference image, such as its captions.</summary>
    ReferenceDescription,

    /// <summary>A text that the image must fit.</summary>
    MustHave,

    /// <summary>A text that the image must not fit.</summary>
    MustNot,

    /// <summary>Reference images and texts together, as an <see cref="Embeddings.IComposedEncoder"/> encodes them.</summary>
    Composed,

    /// <summary>An image that was found and liked: more of this.</summary>
    Liked,

    /// <summary>An image that was found and not liked, or shown and passed over: less of that.</summary>
    Disliked,
}
