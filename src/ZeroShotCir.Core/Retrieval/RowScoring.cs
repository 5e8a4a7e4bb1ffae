using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>Makes scores of similarities: the same arithmetic for a whole gallery and for the rows that a store returned.</summary>
internal static class RowScoring
{
    private static readonly ExactIndexOptions OneThread = new ExactIndexOptions { MaxThreads = 1, Precision = SearchPrecision.Full }.Trusting();

    /// <summary>Applies a row-wise strategy to the similarities of one query's vectors.</summary>
    /// <param name="path">The query's vectors.</param>
    /// <param name="strategy">The strategy.</param>
    /// <param name="products">The similarities of each vector to every item, one row after the other.</param>
    /// <param name="searched">The items that take part, by their place in a row.</param>
    /// <returns>One score for each item that takes part.</returns>
    public static float[] Apply(QueryPath path, RowStrategy strategy, ReadOnlySpan<float> products, ReadOnlySpan<int> searched)
    {
        int vectors = path.Vectors.Rows;
        int items = products.Length / vectors;
        float[] gathered = new float[vectors * searched.Length];
        for (int vector = 0; vector < vectors; vector++)
        {
            ReadOnlySpan<float> row = products.Slice(vector * items, items);
            for (int i = 0; i < searched.Length; i++)
            {
                gathered[(vector * searched.Length) + i] = row[searched[i]];
            }
        }

        return Apply(path, strategy, gathered, null);
    }

    /// <summary>Mixes the scores of an item's image and captions.</summary>
    public static float Mix(float weight, float image, float captions) => weight == 1 ? captions : MathF.FusedMultiplyAdd(weight, captions - image, image);

    /// <summary>See <see cref="QueryVectors.Score"/>.</summary>
    public static float[] Score(QueryVectors query, IReadOnlyList<StoreRow> rows, RowMoments? images, RowMoments? captions)
    {
        if (query.Scoring != Scoring.Paper)
        {
            throw new InvalidQueryException(
                "The published code's scoring compares single captions, and a store's rows hold their mean. "
                + "Use the paper's scoring, or search the gallery itself.");
        }

        if (rows.FirstOrDefault(row => row.Image.IsEmpty) is { } bare)
        {
            throw new InvalidQueryException(
                $"The row of '{bare.Id}' comes without its image embedding, and the query cannot be scored by a folded vector alone. "
                + "Store the parts of rows, or search with a linear strategy and the caption weight that they are folded for.");
        }

        return query.Strategy is RowStrategy strategy
            ? ScoreRowWise(query, strategy, rows, images, captions)
            : Score(query.Vectors, [.. rows.Select(row => Fold(row, query.Beta))]);
    }

    /// <summary>The scores that a search of an index of these rows gives.</summary>
    /// <param name="vector">The one vector of a query.</param>
    /// <param name="rows">The folded rows.</param>
    public static float[] Score(EmbeddingMatrix vector, IReadOnlyList<ReadOnlyMemory<float>> rows)
    {
        float[] scores = new float[rows.Count];
        if (scores.Length > 0)
        {
            SearchHit[] hits = new SearchHit[scores.Length];
            IndexOf(vector.Dimensions, rows).Search(vector[0], hits);
            Array.ForEach(hits, hit => scores[hit.Ordinal] = hit.Score);
        }

        return scores;
    }

    private static ExactIndex IndexOf(int dimensions, IReadOnlyList<ReadOnlyMemory<float>> rows)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(rows.Count, dimensions, out Memory<float> values);
        for (int i = 0; i < rows.Count; i++)
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(rows[i].Length, dimensions, "The row");
            rows[i].CopyTo(values[(i * dimensions)..]);
        }

        return new ExactIndex(matrix, OneThread);
    }

    private static float[] Multiply(EmbeddingMatrix vectors, IReadOnlyList<ReadOnlyMemory<float>> rows)
    {
        float[] products = new float[vectors.Rows * rows.Count];
        IndexOf(vectors.Dimensions, rows).Multiply(vectors, products, CancellationToken.None);
        return products;
    }

    private static float[] ScoreRowWise(QueryVectors query, RowStrategy strategy, IReadOnlyList<StoreRow> rows, RowMoments? images, RowMoments? captions)
    {
        QueryPath path = query.Paths[0];
        float[] scores = Apply(path, strategy, Multiply(path.Vectors, [.. rows.Select(row => row.Image)]), images);
        int[] captioned = query.Beta == 0 ? [] : [.. Enumerable.Range(0, rows.Count).Where(i => !rows[i].Captions.IsEmpty)];
        if (captioned.Length > 0)
        {
            float[] own = Apply(path, strategy, Multiply(path.Vectors, [.. captioned.Select(i => rows[i].Captions)]), captions);
            for (int i = 0; i < captioned.Length; i++)
            {
                scores[captioned[i]] = Mix((float)query.Beta, scores[captioned[i]], own[i]);
            }
        }

        return scores;
    }

    // Moments are given where the items are only some of those that are searched; of no rows where nobody measured them.
    private static float[] Apply(QueryPath path, RowStrategy strategy, float[] products, RowMoments? moments)
    {
        strategy.Check(path.Geometry);
        int vectors = path.Vectors.Rows;
        int items = products.Length / vectors;
        int[] offsets = [.. Enumerable.Range(0, vectors).Select(vector => path.Has(vector) ? vector * items : -1)];
        float[] scores = new float[items];
        SimilarityRows rows = moments is null
            ? new SimilarityRows(products, offsets, items) { Shifts = path.Shifts }
            : new SimilarityRows(products, offsets, items, moments.Count == 0 ? [] : [.. Enumerable.Range(0, vectors).Select(vector => Along(moments, path.Vectors[vector]))])
            {
                Shifts = path.Shifts,
            };
        strategy.Score(rows, path.Geometry, scores);
        return scores;
    }

    private static SimilarityMoments Along(RowMoments moments, ReadOnlySpan<float> vector)
        => new(moments.Count, moments.MeanOf(vector), moments.VarianceOf(vector) * moments.Count);

    private static ReadOnlyMemory<float> Fold(StoreRow row, double beta)
    {
        float[] folded = new float[row.Image.Length];
        Folding.Fold(row.Image.Span, row.Captions.Span, beta, folded);
        return folded;
    }
}
