using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>Scores every row for a few queries in one pass over the rows; the same bits that a search returns.</summary>
internal static class RowScan
{
    private const int RowsPerPiece = 2048;

    /// <param name="rows">The rows.</param>
    /// <param name="kernels">The scans.</param>
    /// <param name="queries">The queries, one after the other.</param>
    /// <param name="scores">Receives one score for each row, query after query.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Run(IndexRows rows, ScanKernels kernels, ReadOnlySpan<float> queries, Memory<float> scores, int threads, CancellationToken cancellationToken)
    {
        RowScorer scorer = new(rows, kernels);
        scorer.SetQueries(queries);
        int count = queries.Length / rows.Dimensions;
        int pieces = (rows.Count + RowsPerPiece - 1) / RowsPerPiece;
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, pieces, options, piece =>
            {
                int first = piece * RowsPerPiece;
                int last = Math.Min(first + RowsPerPiece, rows.Count);
                Score(rows, kernels, scorer, count, first, last, scores.Span);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void Score(IndexRows rows, ScanKernels kernels, RowScorer scorer, int queries, int first, int last, Span<float> scores)
    {
        for (int row = first; row < last; row += 4)
        {
            // Four rows at a time stay in the nearest cache for all queries; the last is repeated where fewer are left.
            int second = Math.Min(row + 1, last - 1), third = Math.Min(row + 2, last - 1), fourth = Math.Min(row + 3, last - 1);
            for (int query = 0; query < queries; query++)
            {
                Vector128<float> four = kernels.Score(
                    in scorer.Query(query)[0], in rows.Row(row), in rows.Row(second), in rows.Row(third), in rows.Row(fourth), rows.Dimensions);
                for (int i = 0; i < 4 && row + i < last; i++)
                {
                    scores[(query * rows.Count) + row + i] = four[i];
                }
            }
        }

        for (int query = 0; query < queries; query++)
        {
            ReadOnlySpan<float> piece = scores[((query * rows.Count) + first)..((query * rows.Count) + last)];
            for (int i = 0; !float.IsFinite(TensorPrimitives.SumOfMagnitudes(piece)) && i < piece.Length; i++)
            {
                if (!float.IsFinite(piece[i]))
                {
                    throw rows.NotFinite(first + i);
                }
            }
        }
    }
}
