namespace ZeroShotCir.Fusion;

/// <summary>What a term of a <see cref="CompositionExpression"/> names.</summary>
public enum CompositionTermKind
{
    /// <summary>A text, written in quotes or as a bare word.</summary>
    Text,

    /// <summary>An image file, written <c>@path</c> or <c>@"path with blanks"</c>.</summary>
    ImageFile,

    /// <summary>The query's own reference image, written <c>image</c>.</summary>
    ReferenceImage,

    /// <summary>The query's own modification text, written <c>text</c>.</summary>
    ModificationText,
}
