namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Everything a report shows; <see cref="ReportPage"/> turns it into one HTML file.</summary>
internal sealed record Report
{
    public required string Title { get; init; }

    /// <summary>What was measured, in a sentence or two of plain text.</summary>
    public required string Summary { get; init; }

    /// <summary>What someone needs to know to trust the figures and to get them again.</summary>
    public required IReadOnlyList<ManifestGroup> Manifest { get; init; }

    public IReadOnlyList<MetricTable> Tables { get; init; } = [];

    public IReadOnlyList<Heatmap> Heatmaps { get; init; } = [];

    public IReadOnlyList<PublishedTable> Published { get; init; } = [];

    public QueryBrowser? Queries { get; init; }

    public AlbumSection? Album { get; init; }

    /// <summary>The table of strategies, by kind of query.</summary>
    public IReadOnlyList<StrategySection> Strategies { get; init; } = [];
}
