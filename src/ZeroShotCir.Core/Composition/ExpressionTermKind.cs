namespace ZeroShotCir.Composition;

/// <summary>What a term of a <see cref="CompositionExpression"/> names.</summary>
public enum ExpressionTermKind
{
    /// <summary>A text, written in quotes or as a bare word.</summary>
    Text,

    /// <summary>An image file, written <c>@path</c> or <c>@"path with blanks"</c>.</summary>
    ImageFile,

    /// <summary>One of the query's own images: <c>image</c> is the first, <c>image2</c> the second.</summary>
    QueryImage,

    /// <summary>The query's own text, written <c>text</c>.</summary>
    QueryText,
}
