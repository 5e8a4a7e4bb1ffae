using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>A composed query with what is wanted of it, in terms of the gallery that is searched.</summary>
internal sealed class LocalQuery
{
    public required QueryVectors Vectors { get; init; }

    public required SearchedSpace Space { get; init; }

    /// <summary>How many hits are wanted.</summary>
    public required int Count { get; init; }

    public required GallerySelection? Selection { get; init; }

    public required HashSet<int> Excluded { get; init; }

    public required double? MinScore { get; init; }
}
