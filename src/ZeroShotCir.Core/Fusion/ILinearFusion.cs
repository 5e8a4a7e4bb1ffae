namespace ZeroShotCir.Fusion;

/// <summary>A fusion whose query is a weighted sum of its two inputs.</summary>
/// <remarks>
/// Since inner products are linear, the similarities of such a query to a gallery are the same weighted sum of the similarities of
/// its halves. A sweep over weights therefore needs the products of the halves only once.
/// </remarks>
public interface ILinearFusion : IQueryFusion
{
    /// <summary>Weighs the two halves of one query.</summary>
    /// <param name="imageLength">The Euclidean length of the image embedding.</param>
    /// <param name="textLength">The Euclidean length of the text embedding.</param>
    /// <param name="cosine">The cosine of the two; 0 where one of them is zero.</param>
    /// <returns>The factors of the two embeddings; the query still has to be scaled to unit length.</returns>
    FusionWeights Weigh(double imageLength, double textLength, double cosine);
}
