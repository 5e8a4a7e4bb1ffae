using System.Numerics;
using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

// A batch is compared first along the few directions in which most of the length of its queries and rows lies, where there are such;
// what the bounds leave is scored at once, so that thresholds rise.
internal sealed partial class Search
{
    /// <summary>With fewer products of components for each thread, looking for leading directions takes too much of what comparing along them may save.</summary>
    public const long DefaultProductsWorthDirections = 1L << 34;

    private const int MostRefusals = 10;
    private int _refusals;
    private int _batchesToSkip;

    // Rows along no few directions will not lie along them in the next batch either: after each refusal twice as many batches are not tried.
    private bool FindDirections(ReadOnlySpan<float> queries, int k, int atOnce, int threads)
    {
        // Where few rows are in scope, most of what reaches a threshold is not.
        if (atOnce * (long)_rows.Count * _rows.Dimensions < _productsWorthDirections * threads
            || _filter.RowsInScope < _rows.Count / 4
            || !LeadingDirections.MayPay(_rows.Dimensions, atOnce))
        {
            return false;
        }

        if (_batchesToSkip > 0)
        {
            _batchesToSkip--;
            return false;
        }

        bool pays = _directions.Find(_rows, queries) && _trial.Pays(_directions, _rows, queries, atOnce, k, _filter.RowsInScope);
        _refusals = pays ? 0 : Math.Min(_refusals + 1, MostRefusals);
        _batchesToSkip = pays ? 0 : (1 << _refusals) - 1;
        return pays;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanProjections(in ScanRange range, Worker own)
    {
        int queries = _panels.Count, panels = 0;
        Span<ulong> reaching = own.Reaching.Reserve((long)PanelsPerPiece * queries);
        for (int start = 0; start < range.Count; start += _kernels.PanelRows, panels++)
        {
            own.Panel.Pack(range with { Start = range.Start + start, Count = Math.Min(_kernels.PanelRows, range.Count - start) }, quantize: false);
            own.Projected.Set(own.Panel, _directions);
            _kernels.Sift(_panels, own.Projected, own.Thresholds.Span, reaching.Slice(panels * queries, queries));
        }

        Span<Candidate> candidates = own.Reached.Reserve(range.Count);
        for (int query = 0; query < queries; query++)
        {
            int count = 0;
            for (int panel = 0; panel < panels; panel++)
            {
                int first = range.FirstOrdinal + (panel * _kernels.PanelRows);
                for (ulong bits = reaching[(panel * queries) + query]; bits != 0; bits &= bits - 1)
                {
                    int ordinal = first + BitOperations.TrailingZeroCount(bits);
                    if (_filter.Allows(ordinal))
                    {
                        candidates[count++] = Candidate.Unknown(ordinal);
                    }
                }
            }

            if (count > 0)
            {
                _scorer.Score(query, range, candidates[..count]);
                own.Table.AddScored(query, candidates[..count], _scorer);
                own.Thresholds.Span[query] = own.Table.Threshold(query);
            }
        }
    }
}
