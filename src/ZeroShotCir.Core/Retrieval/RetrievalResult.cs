using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>An image that was found.</summary>
/// <param name="Rank">Its rank, from 1.</param>
/// <param name="Score">Its score; comparable within one query only.</param>
/// <param name="Item">The image: id, captions, metadata.</param>
public sealed record RetrievalResult(int Rank, float Score, GalleryItem Item)
{
    /// <summary>The id of the image.</summary>
    public string Id => Item.Id;
}
