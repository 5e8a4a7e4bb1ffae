using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>Queries to look at, each ranked by every setting.</summary>
/// <param name="Settings">The names of the settings, in the order of every query's rankings.</param>
/// <param name="Queries">The queries shown.</param>
/// <param name="Total">How many queries there are in all.</param>
/// <param name="Pictures">The small JPEG of every picture that occurs.</param>
internal sealed record QueryBrowser(
    IReadOnlyList<string> Settings,
    IReadOnlyList<BrowsedQuery> Queries,
    int Total,
    IReadOnlyDictionary<GalleryImage, ReadOnlyMemory<byte>> Pictures);
