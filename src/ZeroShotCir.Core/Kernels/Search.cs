using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Kernels;

/// <summary>The memory and the steps of one search at a time; kept by the index for the next, so that a steady state allocates nothing.</summary>
internal sealed partial class Search : IParallelWork
{
    // Rows below this many components are not worth waking another thread.
    private const long ComponentsPerThread = 1L << 18;

    // Packed queries beyond it leave the caches, and candidate tables grow with them.
    private const int QueriesAtOnce = 1024;

    private const long CandidatesAtOnce = 1L << 21;

    // Panels that a worker takes at a time: enough to amortise the taking, few enough to share out evenly.
    private const int PanelsPerPiece = 16;

    private readonly IndexRows _rows;
    private readonly ScanKernels _kernels;
    private readonly int _maxThreads;
    private readonly int _windowRows;
    private readonly long _productsWorthDirections;
    private readonly WorkerTeam _team = new();
    private readonly RowFilter _filter = new();
    private readonly RowScorer _scorer;
    private readonly CodeQuery _codes = new();
    private readonly PlaneQuery? _planes;
    private readonly QueryPanels _panels;
    private readonly LeadingDirections _directions;
    private readonly DirectionsTrial _trial;
    private readonly Worker[] _workers;
    private readonly BlockBounds[] _blockBounds;
    private readonly List<Piece> _pieces = [];

    public Search(IndexRows rows, ScanKernels kernels, int maxThreads, int windowRows, long productsWorthDirections)
    {
        _rows = rows;
        _kernels = kernels;
        _maxThreads = maxThreads;
        _windowRows = windowRows;
        _productsWorthDirections = productsWorthDirections;
        _scorer = new RowScorer(rows, kernels);
        _panels = new QueryPanels(kernels);
        _directions = new LeadingDirections(kernels);
        _trial = new DirectionsTrial(kernels);
        _workers = new Worker[maxThreads];
        for (int i = 0; i < maxThreads; i++)
        {
            _workers[i] = new Worker(kernels);
        }

        _blockBounds = new BlockBounds[rows.Blocks];
        _planes = rows.HasPlanes ? new PlaneQuery(rows.Dimensions) : null;
    }

    /// <summary>How many rows, over all queries since <see cref="Begin"/>, were scored because bounds could not rule them out.</summary>
    public long Rescored { get; private set; }

    /// <summary>Whether the last batch was compared along leading directions.</summary>
    public bool FollowsDirections { get; private set; }

    private int PanelRows => _panels.Quantized ? _kernels.PairRows : _kernels.PanelRows;

    /// <summary>Takes over what may be returned.</summary>
    /// <param name="scope">The scope; must stay unchanged during the search.</param>
    /// <returns>How many rows may be returned.</returns>
    /// <exception cref="ArgumentException">The scope does not fit the index.</exception>
    public int Begin(in RowScope scope)
    {
        Rescored = 0;
        _filter.Reset(scope, _rows.Count);
        return _filter.RowsInScope;
    }

    /// <summary>Finds the best rows for one query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="hits">Receives the hits; no longer than the rows in scope, at least 1.</param>
    /// <param name="codes">Whether to scan the compressed copies.</param>
    public void Find(ReadOnlySpan<float> query, Span<ScoredRow> hits, bool codes)
    {
        _scorer.SetQueries(query);
        if (codes)
        {
            PrepareBlocks(query);
        }

        int threads = Threads((long)_rows.Count * _rows.Dimensions);
        Reset(1, hits.Length, threads);
        _pieces.Clear();
        for (int block = 0; block < _rows.Blocks; block++)
        {
            if (!codes || _blockBounds[block].Kind != ScanKind.Planes)
            {
                Divide(block, threads == 1 ? _rows.Count : Math.Max(1024, _rows.Count / (threads * 4)), codes ? _blockBounds[block].Kind : ScanKind.Rows);
            }
        }

        Run(threads);
        if (codes && _planes is not null)
        {
            FindInPlanes(hits.Length, threads);
        }

        Merge(1, threads);
        _workers[0].Table.Finish(0, _scorer, hits);
        CountRescored();
    }

    /// <summary>Finds the best rows for many queries.</summary>
    /// <param name="queries">The queries, one after the other.</param>
    /// <param name="k">How many rows each wants; not more than are in scope, at least 1.</param>
    /// <param name="hits">Receives the hits of each query.</param>
    /// <param name="stride">How far apart the hits of two queries begin.</param>
    /// <param name="integers">Whether to compare in integers, or along leading directions where these are quicker.</param>
    public void FindBatch(ReadOnlySpan<float> queries, int k, Span<ScoredRow> hits, int stride, bool integers)
    {
        int dimensions = _rows.Dimensions, count = queries.Length / dimensions;
        int atOnce = (int)Math.Clamp(CandidatesAtOnce / CandidateTable.CapacityFor(k), integers ? _kernels.PairQueries : _kernels.PanelQueries, QueriesAtOnce);
        int threads = Threads((long)_rows.Count * dimensions * Math.Min(count, atOnce));
        FollowsDirections = integers && FindDirections(queries, k, Math.Min(count, atOnce), threads);
        for (int first = 0; first < count; first += atOnce)
        {
            int next = Math.Min(atOnce, count - first);
            ReadOnlySpan<float> some = queries.Slice(first * dimensions, next * dimensions);
            _scorer.SetQueries(some);
            if (FollowsDirections)
            {
                _panels.SetProjected(some, dimensions, _directions);
            }
            else
            {
                _panels.Set(some, dimensions, integers);
            }

            Reset(next, k, threads);
            _pieces.Clear();
            for (int block = 0; block < _rows.Blocks; block++)
            {
                Divide(block, PanelRows * PanelsPerPiece, FollowsDirections ? ScanKind.Projections : ScanKind.Panels);
            }

            Run(threads);
            Merge(next, threads);
            for (int query = 0; query < next; query++)
            {
                _workers[0].Table.Finish(query, _scorer, hits.Slice((first + query) * stride, k));
            }

            CountRescored();
        }
    }

    /// <inheritdoc/>
    void IParallelWork.Run(int piece, int worker)
    {
        Piece part = _pieces[piece];
        ScanRange range = new(_rows, part.Block, part.Start, part.Count);
        Worker own = _workers[worker];
        BlockBounds bounds = _blockBounds[part.Block];
        switch (part.Kind)
        {
            case ScanKind.Panels:
                ScanPanels(range, own);
                break;
            case ScanKind.Projections:
                ScanProjections(range, own);
                break;
            case ScanKind.Codes:
                _kernels.ScanCodes(range, _codes, bounds.Product, bounds.Margin, _scorer, _filter, own.Table);
                break;
            case ScanKind.Planes:
                _kernels.Planes.Estimate(range, _planes!, bounds.Product, bounds.Margins, _uppers.Span[part.Uppers..], _scorer, _filter, own.Estimated);
                break;
            case ScanKind.FinePlanes:
                _kernels.Planes.Complete(range, _planes!, bounds.Product, bounds.Margins, _uppers.Span[part.Uppers..], _scorer, _filter, own.Table);
                break;
            default:
                _kernels.ScanRows(range, _scorer, _filter, own.Table);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanPanels(in ScanRange range, Worker own)
    {
        for (int start = 0; start < range.Count; start += PanelRows)
        {
            own.Panel.Pack(range with { Start = range.Start + start, Count = Math.Min(PanelRows, range.Count - start) }, _panels.Quantized);
            _kernels.ScanPanel(_panels, own.Panel, _scorer, _filter, own.Table, own.Thresholds.Span);
        }
    }

    private int Threads(long work) => (int)Math.Clamp(work / ComponentsPerThread, 1, _maxThreads);

    private void Reset(int queries, int k, int threads)
    {
        for (int i = 0; i < threads; i++)
        {
            _workers[i].Table.Reset(queries, k);
            _workers[i].Thresholds.Reserve(queries).Fill(float.NegativeInfinity);
        }
    }

    private void Run(int threads) => _team.Run(this, _pieces.Count, threads);

    // Leaves what was found in the first worker's table.
    private void Merge(int queries, int threads)
    {
        for (int i = 1; i < threads; i++)
        {
            for (int query = 0; query < queries; query++)
            {
                _workers[0].Table.AddAll(query, _workers[i].Table, query, _scorer);
            }

            Rescored += _workers[i].Table.Rescored;
        }
    }

    private void Divide(int block, int rowsPerPiece, ScanKind kind)
    {
        int rows = _rows.Block(block).Rows;
        for (int start = 0; start < rows; start += rowsPerPiece)
        {
            _pieces.Add(new Piece(block, start, Math.Min(rowsPerPiece, rows - start), kind, 0));
        }
    }

    private void CountRescored() => Rescored += _workers[0].Table.Rescored;

    private enum ScanKind
    {
        Rows,
        Codes,
        Planes,
        FinePlanes,
        Panels,
        Projections,
    }

    // The uppers of a piece of planes begin at a place of their own.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Piece(int Block, int Start, int Count, ScanKind Kind, int Uppers);

    // How one query scans a block, and what all its rows share.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct BlockBounds(ScanKind Kind, float Product, float Margin, PlaneMargins Margins);

    private sealed class Worker(ScanKernels kernels)
    {
        public CandidateTable Table { get; } = new();

        public CandidateTable Estimated { get; } = new();

        public RowPanel Panel { get; } = new(kernels);

        public GrowingBuffer<float> Thresholds { get; } = new();

        public ProjectedPanel Projected { get; } = new(kernels);

        public GrowingBuffer<ulong> Reaching { get; } = new();

        public GrowingBuffer<Candidate> Reached { get; } = new();
    }
}
