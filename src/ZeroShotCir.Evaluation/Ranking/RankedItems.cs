using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The items that one query is compared with: the ranked gallery, or the query's own.</summary>
/// <param name="space">The ranked gallery.</param>
/// <param name="candidates">The items of the query's own gallery; empty for the whole.</param>
internal sealed class RankedItems(RankingSpace space, int[] candidates) : SearchedItems
{
    public override CorpusProjection? Projection => space.Projection;

    public override IReadOnlyList<SearchHit> Nearest(ReadOnlyMemory<float> vector, int count)
    {
        float[] products = new float[space.GalleryCount];
        space.Images.Compute(EmbeddingMatrix.Wrap(vector, vector.Length), products);
        return candidates.Length > 0 ? BestHits.SelectAmong(products, candidates, count) : BestHits.Select(products, count);
    }

    public override void CopyImage(int ordinal, Span<float> unit) => space.CopyImage(ordinal, unit);
}
