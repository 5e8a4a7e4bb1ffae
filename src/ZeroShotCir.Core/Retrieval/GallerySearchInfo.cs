using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Retrieval;

/// <summary>What a search looks at.</summary>
public sealed class GallerySearchInfo
{
    /// <summary>Describes what is searched.</summary>
    /// <param name="dimensions">The number of components of an embedding.</param>
    /// <param name="count">The number of items.</param>
    public GallerySearchInfo(int dimensions, long count)
    {
        Dimensions = dimensions;
        Count = count;
    }

    /// <summary>The number of components of an embedding.</summary>
    public int Dimensions { get; }

    /// <summary>The number of items.</summary>
    public long Count { get; }

    /// <summary>The encoders that the embeddings came from.</summary>
    /// <value>The default value is <see langword="null"/>: nobody said.</value>
    public GalleryModel? Model { get; init; }

    /// <summary>The caption weight that rows are folded for, at which a search costs one scan.</summary>
    /// <value>The default value is <see langword="null"/>: any.</value>
    public double? Beta { get; init; }

    /// <summary>How items without captions are scored.</summary>
    /// <value>The default value is <see langword="null"/>: as whoever searches wants.</value>
    public MissingCaptions? MissingCaptions { get; init; }
}
