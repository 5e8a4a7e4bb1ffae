using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>An image that was found.</summary>
public sealed class RetrievalResult
{
    internal RetrievalResult(int rank, float score, GalleryItem item, double? fit = null)
    {
        Rank = rank;
        Score = score;
        Item = item;
        Fit = fit;
    }

    /// <summary>Its rank, from 1.</summary>
    public int Rank { get; }

    /// <summary>Its score; comparable within one query only.</summary>
    public float Score { get; }

    /// <summary>The image: id, captions, metadata.</summary>
    public GalleryItem Item { get; }

    /// <summary>How well it fits by the verdict of a re-ranker, from 0 to 1; <see langword="null"/> where none looked at it.</summary>
    public double? Fit { get; }

    /// <summary>The id of the image.</summary>
    public string Id => Item.Id;
}
