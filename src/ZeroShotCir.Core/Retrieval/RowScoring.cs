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
    /// <param name="moments">
    /// Given where the items are only some of those that are searched, of no rows where nobody measured them; <see langword="null"/> where
    /// the items are all.
    /// </param>
    /// <param name="scores">Receives one score for each item.</param>
    public static void Apply(QueryPath path, RowStrategy strategy, ReadOnlySpan<float> products, RowMoments? moments, Span<float> scores)
    {
        strategy.Check(path.Geometry);
        int vectors = path.Vectors.Rows, items = scores.Length;
        int[] offsets = [.. Enumerable.Range(0, vectors).Select(vector => path.Has(vector) ? vector * items : -1)];
        SimilarityRows rows = moments is null
            ? new SimilarityRows(products, offsets, items) { Shifts = path.Shifts }
            : new SimilarityRows(products, offsets, items, moments.Count == 0 ? [] : [.. Enumerable.Range(0, vectors).Select(vector => Along(moments, path.Vectors[vector]))])
            {
                Shifts = path.Shifts,
            };
        strategy.Score(rows, path.Geometry, scores);
    }

    /// <summary>Mixes the scores of images with those of captions: the mean weighted by how much captions count.</summary>
    /// <param name="weight">How much captions count.</param>
    /// <param name="images">The scores of the images; receives the mixed ones.</param>
    /// <param name="captions">The scores of the captions; the image's own where an item has none.</param>
    public static void Mix(float weight, Span<float> images, ReadOnlySpan<float> captions)
    {
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = Mix(weight, images[i], captions[i]);
        }
    }

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

    private static float Mix(float weight, float image, float captions) => weight == 1 ? captions : MathF.FusedMultiplyAdd(weight, captions - image, image);

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
        float[] scores = new float[rows.Count];
        Apply(path, strategy, Multiply(path.Vectors, [.. rows.Select(row => row.Image)]), images, scores);
        int[] captioned = query.Beta == 0 ? [] : [.. Enumerable.Range(0, rows.Count).Where(i => !rows[i].Captions.IsEmpty)];
        if (captioned.Length > 0)
        {
            float[] own = new float[captioned.Length];
            Apply(path, strategy, Multiply(path.Vectors, [.. captioned.Select(i => rows[i].Captions)]), captions, own);
            for (int i = 0; i < captioned.Length; i++)
            {
                scores[captioned[i]] = Mix((float)query.Beta, scores[captioned[i]], own[i]);
            }
        }

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
