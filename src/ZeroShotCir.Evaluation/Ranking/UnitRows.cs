using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Whole matrices of unit vectors and their means.</summary>
internal static class UnitRows
{
    /// <summary>Every row scaled to unit length.</summary>
    public static EmbeddingMatrix Of(EmbeddingMatrix matrix)
    {
        EmbeddingMatrix units = EmbeddingMatrix.Allocate(matrix.Rows, matrix.Dimensions, out Memory<float> values);
        for (int row = 0; row < matrix.Rows; row++)
        {
            UnitVector.Normalize(matrix[row], values.Span.Slice(row * matrix.Dimensions, matrix.Dimensions));
        }

        return units;
    }

    /// <summary>The mean of matrices of unit vectors, row by row; not renormalised.</summary>
    public static EmbeddingMatrix Mean(IReadOnlyList<EmbeddingMatrix> matrices)
    {
        EmbeddingMatrix first = matrices[0];
        EmbeddingMatrix mean = EmbeddingMatrix.Allocate(first.Rows, first.Dimensions, out Memory<float> memory);
        Span<float> values = memory.Span;
        foreach (EmbeddingMatrix matrix in matrices)
        {
            RowArithmetic.Add(matrix.Values, 1f / matrices.Count, values);
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
