using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Kernels;

// Code planes are scanned in windows: first all coarse codes, whose best estimates give a threshold that is nearly the last one,
// then the fine codes of the rows that may reach it.
internal sealed partial class Search
{
    /// <summary>How many rows' bounds are kept between the two steps: 64 MB for each search that is under way.</summary>
    /// <remarks>A window costs the scores of its best estimates, which are rows that may have to come from a disk: the fewer windows, the better.</remarks>
    public const int DefaultWindowRows = 1 << 24;

    private readonly GrowingBuffer<float> _uppers = new();
    private readonly GrowingBuffer<float> _best = new();
    private int _known;

    private void PrepareBlocks(ReadOnlySpan<float> query)
    {
        _codes.Set(query);
        _planes?.Set(query);

        for (int block = 0; block < _rows.Blocks; block++)
        {
            float product = 0, margin = 0;
            PlaneMargins margins = default;
            ScanKind kind =
                _rows.Planes(block) is { } planes && _planes!.TryPrepare(query, planes, _rows.MeanLength(block), out product, out margins) ? ScanKind.Planes
                : _rows.Codes(block) is { } codes && _codes.TryPrepare(query, codes, _rows.MeanLength(block), out product, out margin) ? ScanKind.Codes
                : ScanKind.Rows;
            _blockBounds[block] = new BlockBounds(kind, product, margin, margins);
        }
    }

    private void FindInPlanes(int k, int threads)
    {
        // Estimates are right but for a few ranks, so that a few rows more hold the best or nearly.
        int estimated = k + (k / 4) + 14;
        _best.Reserve(k + CandidateTable.CapacityFor(estimated));
        _known = 0;
        int rowsPerPiece = threads == 1 ? _windowRows : Math.Min(Math.Max(1024, _rows.Count / (threads * 4)), _windowRows / threads);
        rowsPerPiece = Math.Max(1, rowsPerPiece / CodePlanes.TileRows) * CodePlanes.TileRows;
        _pieces.Clear();
        int uppers = 0;
        for (int block = 0; block < _rows.Blocks; block++)
        {
            int rows = _blockBounds[block].Kind == ScanKind.Planes ? _rows.Block(block).Rows : 0;
            for (int start = 0; start < rows; start += rowsPerPiece)
            {
                int count = Math.Min(rowsPerPiece, rows - start), padded = (count + CodePlanes.TileRows - 1) / CodePlanes.TileRows * CodePlanes.TileRows;
                if (uppers + padded > _windowRows)
                {
                    FindInWindow(k, estimated, uppers, threads);
                    uppers = 0;
                }

                _pieces.Add(new Piece(block, start, count, ScanKind.Planes, uppers));
                uppers += padded;
            }
        }

        FindInWindow(k, estimated, uppers, threads);
    }

    private void FindInWindow(int k, int estimated, int uppers, int threads)
    {
        _uppers.Reserve(uppers);
        for (int i = 0; i < threads; i++)
        {
            _workers[i].Estimated.Reset(1, estimated);
        }

        Run(threads);
        CandidateTable best = _workers[0].Estimated;
        for (int i = 1; i < threads; i++)
        {
            best.AddAll(0, _workers[i].Estimated, 0, _scorer);
        }

        // The k-th best of the scores known so far: k rows reach it.
        _known += best.ScoreEstimated(0, _scorer, _best.Span[_known..]);
        Rescored += best.Rescored;
        float threshold = float.NegativeInfinity;
        if (_known >= k)
        {
            threshold = Selection.Descending(_best.Span[.._known], k - 1);
            _known = KeepBest(_best.Span[.._known], threshold, k);
        }

        for (int i = 0; i < threads; i++)
        {
            _workers[i].Table.Raise(0, threshold);
        }

        for (int i = 0; i < _pieces.Count; i++)
        {
            _pieces[i] = _pieces[i] with { Kind = ScanKind.FinePlanes };
        }

        Run(threads);
        _pieces.Clear();
    }

    // Those above the k-th best, and of those equal to it as many as there is room for.
    private static int KeepBest(Span<float> scores, float least, int k)
    {
        int kept = 0;
        foreach (float score in scores)
        {
            if (score > least)
            {
                scores[kept++] = score;
            }
        }

        scores[kept..k].Fill(least);
        return k;
    }
}
