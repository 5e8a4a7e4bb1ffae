using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>A query whose terms are embeddings in the space of its strategy.</summary>
internal sealed class PreparedQuery
{
    public required CompositionStrategy Strategy { get; init; }

    public required SearchedSpace Space { get; init; }

    public required double CaptionWeight { get; init; }

    /// <summary>
    /// The terms; for the published code's scoring then those with each of the reference's captions in the place of its image.
    /// </summary>
    public required IReadOnlyList<TermSet> Paths { get; init; }

    /// <summary>How many hits are wanted.</summary>
    public required int Count { get; init; }

    public required GallerySelection? Selection { get; init; }

    public required HashSet<int> Excluded { get; init; }

    public required double? MinScore { get; init; }

    /// <summary>Whether captions are compared, each with its own query.</summary>
    public bool ComparesCaptionsOneByOne => Paths.Count > 1;
}
