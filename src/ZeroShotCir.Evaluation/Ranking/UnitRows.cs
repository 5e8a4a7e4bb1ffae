using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Whole matrices of unit vectors and their means.</summary>
internal static class UnitRows
{
    /// <summary>Every row scaled to unit length.</summary>
    public static EmbeddingMatrix Of(EmbeddingMatrix matrix) => Of(matrix, [.. Enumerable.Range(0, matrix.Rows)]);

    /// <summary>Chosen rows, in the order chosen, scaled to unit length.</summary>
    public static EmbeddingMatrix Of(EmbeddingMatrix matrix, IReadOnlyList<int> rows)
    {
        EmbeddingMatrix units = EmbeddingMatrix.Allocate(rows.Count, matrix.Dimensions, out Memory<float> values);
        for (int i = 0; i < rows.Count; i++)
        {
            UnitVector.Normalize(matrix[rows[i]], values.Span.Slice(i * matrix.Dimensions, matrix.Dimensions));
        }

        return units;
    }

    /// <summary>For chosen rows the mean of their unit vectors in several matrices; not renormalised.</summary>
    public static EmbeddingMatrix Mean(IReadOnlyList<EmbeddingMatrix> matrices, IReadOnlyList<int> rows)
    {
        int dimensions = matrices[0].Dimensions;
        EmbeddingMatrix mean = EmbeddingMatrix.Allocate(rows.Count, dimensions, out Memory<float> values);
        float[] unit = new float[dimensions];
        for (int i = 0; i < rows.Count; i++)
        {
            foreach (EmbeddingMatrix matrix in matrices)
            {
                UnitVector.Normalize(matrix[rows[i]], unit);
                RowArithmetic.Add(unit, 1f / matrices.Count, values.Span.Slice(i * dimensions, dimensions));
            }
        }

        return mean;
    }

    /// <summary>Chosen rows, in the order chosen.</summary>
    public static EmbeddingMatrix Gather(EmbeddingMatrix matrix, IReadOnlyList<int> rows)
    {
        EmbeddingMatrix gathered = EmbeddingMatrix.Allocate(rows.Count, matrix.Dimensions, out Memory<float> values);
        for (int i = 0; i < rows.Count; i++)
        {
            matrix[rows[i]].CopyTo(values.Span[(i * matrix.Dimensions)..]);
        }

        return gathered;
    }
}
