using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Similarity;

/// <summary>Finds the rows with the largest inner product with a query.</summary>
/// <remarks>
/// Hits come in ranking order: score descending, ties to the smaller ordinal. Implementations serve concurrent callers.
/// </remarks>
public interface IVectorIndex
{
    /// <summary>The number of rows.</summary>
    int Count { get; }

    /// <summary>The number of components of a row.</summary>
    int Dimensions { get; }

    /// <summary>Finds the best rows for one query.</summary>
    /// <param name="query">The query; need not have unit length.</param>
    /// <param name="hits">Receives the hits in ranking order; its length is k, at least 1.</param>
    /// <param name="scope">Which rows may be returned.</param>
    /// <returns>How many hits were written: k, or fewer when fewer rows are in scope.</returns>
    /// <exception cref="ArgumentException"><paramref name="hits"/> is empty or <paramref name="scope"/> does not fit the index.</exception>
    /// <exception cref="InvalidEmbeddingException">The query has another dimension or is not finite.</exception>
    int Search(ReadOnlySpan<float> query, Span<SearchHit> hits, SearchScope scope = default);

    /// <summary>Finds the best rows for many queries at once.</summary>
    /// <param name="queries">One query per row.</param>
    /// <param name="k">Hits per query, at least 1.</param>
    /// <param name="hits">Receives <paramref name="k"/> slots per query, row-major; unused slots at a row's end are left as they are.</param>
    /// <param name="scope">Which rows may be returned, for every query.</param>
    /// <returns>How many hits each query got: <paramref name="k"/>, or fewer when fewer rows are in scope.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit or <paramref name="scope"/> does not fit the index.</exception>
    /// <exception cref="InvalidEmbeddingException">The queries have another dimension or are not finite.</exception>
    int SearchBatch(EmbeddingMatrix queries, int k, Span<SearchHit> hits, SearchScope scope = default);
}
