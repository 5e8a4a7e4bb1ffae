using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using ZeroShotCir.Buffers;

namespace ZeroShotCir.Kernels;

/// <summary>The products of a few queries with every row of an index, in one pass over the rows.</summary>
internal static class RowScan
{
    private const int PanelsPerPiece = 64;

    /// <param name="rows">The rows.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="queries">The queries, one after the other.</param>
    /// <param name="products">Receives one product for each row, query after query.</param>
    /// <param name="threads">The most threads.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Run(IndexRows rows, ScanKernels kernels, ReadOnlySpan<float> queries, Memory<float> products, int threads, CancellationToken cancellationToken)
    {
        int dimensions = rows.Dimensions;
        int count = queries.Length / dimensions;
        float[] packed = new float[PanelProducts.LengthOf(count, dimensions, kernels.PanelQueries)];
        PanelProducts.Pack(queries, dimensions, packed, kernels.PanelQueries);
        List<ScanRange> pieces = Divide(rows, kernels.PanelRows * PanelsPerPiece);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, pieces.Count, options, piece => Multiply(kernels, pieces[piece], packed, count, products.Span));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static List<ScanRange> Divide(IndexRows rows, int rowsPerPiece)
    {
        List<ScanRange> pieces = [];
        for (int block = 0; block < rows.Blocks; block++)
        {
            for (int start = 0; start < rows.Block(block).Rows; start += rowsPerPiece)
            {
                pieces.Add(new ScanRange(rows, block, start, Math.Min(rowsPerPiece, rows.Block(block).Rows - start)));
            }
        }

        return pieces;
    }

    private static void Multiply(ScanKernels kernels, ScanRange range, ReadOnlySpan<float> queries, int count, Span<float> products)
    {
        if (count <= FewQueries.Most && range.Count >= kernels.FewestRows)
        {
            int dimensions = range.Rows.Dimensions;
            ReadOnlySpan<float> rows = range.Rows.Block(range.Block).Values.Slice(range.Start * dimensions, range.Count * dimensions);
            kernels.MultiplyRows(queries, count, rows, dimensions, products[range.FirstOrdinal..], range.Rows.Count);
        }
        else
        {
            MultiplyPanels(kernels, range, queries, count, products);
        }

        for (int query = 0; query < count; query++)
        {
            ReadOnlySpan<float> piece = products.Slice((query * range.Rows.Count) + range.FirstOrdinal, range.Count);
            if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(piece)))
            {
                continue;
            }

            for (int i = 0; i < piece.Length; i++)
            {
                if (!float.IsFinite(piece[i]))
                {
                    throw range.Rows.NotFinite(range.FirstOrdinal + i);
                }
            }
        }
    }

    private static void MultiplyPanels(ScanKernels kernels, ScanRange range, ReadOnlySpan<float> queries, int count, Span<float> products)
    {
        int dimensions = range.Rows.Dimensions;
        int width = kernels.PanelRows;
        using RentedArray<float> room = new(width * dimensions);
        Span<float> panel = room.Span;
        for (int start = 0; start < range.Count; start += width)
        {
            int rows = Math.Min(width, range.Count - start);
            Transposition.Pack(range.Rows.Block(range.Block).Values.Slice((range.Start + start) * dimensions, rows * dimensions), dimensions, panel, width);
            PanelProducts.Multiply(kernels, queries, count, panel, rows, products[(range.FirstOrdinal + start)..], range.Rows.Count);
        }
    }
}
