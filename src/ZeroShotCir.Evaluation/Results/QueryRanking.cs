using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Results;

/// <summary>What a setting retrieves for one query.</summary>
public sealed class QueryRanking
{
    internal QueryRanking(EvaluationQuery query, IReadOnlyList<SearchHit> hits, IReadOnlyList<SearchHit> subsetHits)
    {
        Query = query;
        Hits = hits;
        SubsetHits = subsetHits;
    }

    /// <summary>The query.</summary>
    public EvaluationQuery Query { get; }

    /// <summary>The best images, best first; ordinals count in <see cref="EvaluationRunner.GalleryNames"/>.</summary>
    public IReadOnlyList<SearchHit> Hits { get; }

    /// <summary>The members of the query's subset, best first; empty where there is none.</summary>
    public IReadOnlyList<SearchHit> SubsetHits { get; }
}
