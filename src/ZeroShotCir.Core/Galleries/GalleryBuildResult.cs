namespace ZeroShotCir.Galleries;

/// <summary>What building a gallery folder did.</summary>
public sealed record GalleryBuildResult
{
    /// <summary>How many images were stored: new ones, and others whose file, captions or metadata had changed.</summary>
    public required int Added { get; init; }

    /// <summary>How many of <see cref="Added"/> took the place of what the gallery had under their id.</summary>
    public required int Replaced { get; init; }

    /// <summary>How many images were in the gallery as they are.</summary>
    public required int Unchanged { get; init; }

    /// <summary>How many images of the gallery were removed because they were not among the given ones.</summary>
    public required int Removed { get; init; }

    /// <summary>
    /// The images that could not be used, by id, in the order given. What the gallery has under their id stays; running again tries them
    /// again.
    /// </summary>
    public required IReadOnlyList<KeyValuePair<string, ZeroShotCirException>> Failed { get; init; }

    /// <summary>How many images the gallery now has.</summary>
    public required int Count { get; init; }
}
