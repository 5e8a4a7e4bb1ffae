namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>One split of a data set, as annotated: the gallery and the queries. One record per FashionIQ category and GeneCIS task.</summary>
public sealed record EvaluationDataset
{
    /// <summary>Makes a data set.</summary>
    /// <param name="name">The data set: one of <see cref="DatasetReader.Names"/>.</param>
    /// <param name="split">The split, such as <c>val</c>.</param>
    /// <param name="gallery">The images that are ranked; a position here is an ordinal, and equal scores go to the smaller one.</param>
    /// <param name="queries">The queries, in the order of the annotation file.</param>
    public EvaluationDataset(string name, string split, IReadOnlyList<GalleryImage> gallery, IReadOnlyList<EvaluationQuery> queries)
    {
        Name = name;
        Split = split;
        Gallery = gallery;
        Queries = queries;
    }

    /// <summary>The data set: one of <see cref="DatasetReader.Names"/>.</summary>
    public string Name { get; init; }

    /// <summary>The split, such as <c>val</c>.</summary>
    public string Split { get; init; }

    /// <summary>The images that are ranked; a position here is an ordinal, and equal scores go to the smaller one.</summary>
    public IReadOnlyList<GalleryImage> Gallery { get; init; }

    /// <summary>The queries, in the order of the annotation file.</summary>
    public IReadOnlyList<EvaluationQuery> Queries { get; init; }

    /// <summary>The FashionIQ category or the GeneCIS task.</summary>
    /// <value><see langword="null"/>, the default value, where a split is not divided.</value>
    public string? Category { get; init; }

    /// <summary>Reference images that are not in the gallery: they are encoded, and never found.</summary>
    /// <value>Empty, the default value, where references are images of the gallery.</value>
    public IReadOnlyList<GalleryImage> References { get; init; } = [];

    /// <summary>All images: those of the gallery, then the references that are not in it.</summary>
    public IReadOnlyList<GalleryImage> Images => References.Count == 0 ? Gallery : [.. Gallery, .. References];

    /// <summary>Which gallery this is, where a data set is evaluated on different ones.</summary>
    /// <value>The default value is <see cref="GalleryProtocol.Split"/>.</value>
    public GalleryProtocol GalleryProtocol { get; init; }

    /// <summary>Whether a query's reference image is taken out of its ranking, as CIRR does.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ExcludesReference { get; init; }

    /// <summary>
    /// Whether targets are published, so that results can be measured here and not only by a server. A single query without one, where
    /// others have theirs, is a query that nothing answers: it counts as not solved.
    /// </summary>
    public bool HasTargets => Queries.Any(query => query.Target is not null);

    /// <summary>A name of a query that no other category, split or data set has, such as <c>fashioniq-dress-val/12</c>; descriptions of targets are kept under it.</summary>
    /// <param name="query">One of the queries.</param>
    /// <returns>The name.</returns>
    public string NameOf(EvaluationQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return $"{string.Join('-', ((string?[])[Name, Category, Split]).OfType<string>())}/{query.Id}";
    }

    /// <summary>The name for messages and files, such as <c>fashioniq-dress-val</c>.</summary>
    public string Label => string.Join('-', ((string?[])[Name, Category, Split, GalleryProtocol == GalleryProtocol.ValUnion ? "union" : null]).OfType<string>());
}
