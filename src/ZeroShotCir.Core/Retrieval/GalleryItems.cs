using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>The items of a gallery that one query is compared with.</summary>
/// <param name="gallery">The gallery.</param>
/// <param name="scope">Which of its items.</param>
/// <param name="images">Gives the index of its images.</param>
internal sealed class GalleryItems(Gallery gallery, SearchScope scope, Func<ExactIndex> images) : SearchedItems
{
    public override CorpusProjection? Projection => gallery.Projection;

    public override IReadOnlyList<SearchHit> Nearest(ReadOnlyMemory<float> vector, int count)
    {
        ExactIndex index = images();
        SearchHit[] hits = new SearchHit[Math.Min(count, index.Count)];
        return hits.Length == 0 ? [] : hits[..index.Search(vector.Span, hits, scope).Found];
    }

    public override void CopyImage(int ordinal, Span<float> unit)
    {
        gallery.CopyImage(ordinal, unit);
        UnitVector.Normalize(unit, unit);
    }
}
