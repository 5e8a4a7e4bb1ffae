using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Kernels;

namespace ZeroShotCir.Similarity;

/// <summary>
/// Exact inner-product search: every result is that of scoring all rows in float32 and sorting, whatever the path taken.
/// </summary>
/// <remarks>
/// <para>
/// Rows come in one or more blocks whose ordinals run on: a gallery's segments are searched without being copied together.
/// Ties go to the smaller ordinal, and equal rows have bit-equal scores, on every thread count, batch size and precision.
/// </para>
/// <para>Thread-safe: any number of callers may search at the same time. The rows must stay valid and unchanged while it is used.</para>
/// </remarks>
public sealed class ExactIndex
{
    // From so many queries packing the rows repays itself, against a float32 scan and against a scan of compressed rows for each.
    private const int PackedQueries = 6;
    private const int PackedQueriesBesideCodes = 36;

    // Below this many components the rows themselves are in the nearest caches, and bounds only add work.
    private const long ComponentsWorthCodes = 1L << 17;

    private readonly IndexRows _rows;
    private readonly ScanKernels _kernels;
    private readonly ExactIndexOptions _options;
    private readonly bool _scansCodes;
    private readonly Spares<Search> _searches;

    /// <summary>Creates an index over one block of rows.</summary>
    /// <param name="rows">The rows; ordinal = row.</param>
    /// <param name="options">How to work; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidEmbeddingException">A number is NaN or infinite, and <see cref="ExactIndexOptions.CheckRows"/> is set.</exception>
    public ExactIndex(EmbeddingMatrix rows, ExactIndexOptions? options = null)
        : this([rows], options)
    {
    }

    /// <summary>Creates an index over blocks of rows.</summary>
    /// <param name="blocks">The blocks, at least one, in the order of their ordinals.</param>
    /// <param name="options">How to work; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no block.</exception>
    /// <exception cref="InvalidEmbeddingException">
    /// Blocks differ in dimension, or a number is NaN or infinite and <see cref="ExactIndexOptions.CheckRows"/> is set.
    /// </exception>
    public ExactIndex(IReadOnlyList<EmbeddingMatrix> blocks, ExactIndexOptions? options = null)
        : this(blocks, [], options)
    {
    }

    /// <summary>Creates an index over blocks of rows of which some have a compressed copy.</summary>
    /// <param name="blocks">The blocks, at least one, in the order of their ordinals.</param>
    /// <param name="compressed">
    /// The compressed copy of each block, <see langword="null"/> where there is none; or no elements at all.
    /// Each must have been made of the very rows of its block.
    /// </param>
    /// <param name="options">How to work; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no block, or a compressed copy does not fit its block.</exception>
    /// <exception cref="InvalidEmbeddingException">
    /// Blocks differ in dimension, or a number is NaN or infinite and <see cref="ExactIndexOptions.CheckRows"/> is set.
    /// </exception>
    public ExactIndex(IReadOnlyList<EmbeddingMatrix> blocks, IReadOnlyList<QuantizedMatrix?> compressed, ExactIndexOptions? options = null)
        : this(blocks, Copies(compressed), options, ScanKernels.Best)
    {
    }

    internal ExactIndex(
        IReadOnlyList<EmbeddingMatrix> blocks,
        IReadOnlyList<CompressedRows?> compressed,
        ExactIndexOptions? options,
        ScanKernels kernels,
        int windowRows = Kernels.Search.DefaultWindowRows,
        long productsWorthDirections = Kernels.Search.DefaultProductsWorthDirections)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        if (blocks.Count == 0)
        {
            throw new ArgumentException("No blocks were given; at least one, possibly empty, is needed to know the dimension.", nameof(blocks));
        }

        if (compressed.Count != 0 && compressed.Count != blocks.Count)
        {
            throw new ArgumentException(
                $"{compressed.Count} compressed copies were given for {blocks.Count} blocks; give one per block, null where there is none, or none at all.",
                nameof(compressed));
        }

        _options = options?.Copy() ?? new ExactIndexOptions();
        EmbeddingMatrix[] rows = [.. blocks];
        CompressedRows?[] copies = compressed.Count == 0 ? new CompressedRows?[rows.Length] : [.. compressed];
        Dimensions = rows[0].Dimensions;
        long count = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(rows[i].Dimensions, Dimensions, $"Block {i} of the index");
            if (copies[i] is { } copy && (copy.Rows != rows[i].Rows || copy.Dimensions != Dimensions))
            {
                throw new ArgumentException(
                    $"The compressed copy of block {i} is {copy.Rows} × {copy.Dimensions}, the block is {rows[i].Rows} × {Dimensions}.", nameof(compressed));
            }

            if (_options.CheckRows)
            {
                EmbeddingGuard.ThrowIfNotFinite(rows[i], "The gallery embedding");
            }

            if (_options.Precision == SearchPrecision.Certified)
            {
                copies[i] ??= CompressedRows.Compress(rows[i]);
            }

            count += rows[i].Rows;
        }

        Count = count <= Array.MaxLength
            ? (int)count
            : throw new ArgumentException($"The blocks have {count} rows together; an index holds at most {Array.MaxLength}.", nameof(blocks));
        _rows = new IndexRows(rows, copies);
        _kernels = kernels;
        _searches = new Spares<Search>(() => new Search(_rows, _kernels, _options.MaxThreads, windowRows, productsWorthDirections));
        _scansCodes = _options.Precision switch
        {
            SearchPrecision.Full => false,
            SearchPrecision.Certified => Count > 0,
            _ => _rows.IsCompressed && count * Dimensions >= ComponentsWorthCodes,
        };
    }

    /// <summary>Creates an index over blocks of rows of which some have a compressed copy, in either form.</summary>
    internal static ExactIndex Create(IReadOnlyList<EmbeddingMatrix> blocks, IReadOnlyList<CompressedRows?> compressed, ExactIndexOptions options)
        => new(blocks, compressed, options, ScanKernels.Best);

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of components of a row.</summary>
    public int Dimensions { get; }

    private string CodesName => _rows.HasPlanes ? _kernels.PlanesName : _kernels.CodesName;

    /// <summary>What a scan of float32 rows is called in statistics.</summary>
    internal static string FloatsEngine => ScanKernels.Best.FloatsName;

    /// <summary>Finds the best rows for one query.</summary>
    /// <param name="query">The query; need not have unit length.</param>
    /// <param name="hits">Receives the hits in ranking order; its length is k, at least 1.</param>
    /// <param name="scope">Which rows may be returned.</param>
    /// <returns>How many hits were written, and how they were found.</returns>
    /// <exception cref="ArgumentException"><paramref name="hits"/> is empty or <paramref name="scope"/> does not fit the index.</exception>
    /// <exception cref="InvalidEmbeddingException">The query has another dimension or is not finite.</exception>
    public SearchStatistics Search(ReadOnlySpan<float> query, Span<SearchHit> hits, SearchScope scope = default)
    {
        if (hits.IsEmpty)
        {
            throw new ArgumentException("There is no room for hits; the length of the span is k, at least 1.", nameof(hits));
        }

        CheckQuery(query);
        Search search = _searches.Rent();
        try
        {
            int found = Math.Min(search.Begin(new RowScope(scope.Excluded, scope.Allowed)), hits.Length);
            if (found > 0)
            {
                search.Find(query, Rows(hits[..found]), _scansCodes);
            }

            return _scansCodes ? new SearchStatistics(found, CodesName, search.Rescored) : new SearchStatistics(found, _kernels.FloatsName, null);
        }
        finally
        {
            _searches.Return(search);
        }
    }

    /// <summary>Finds the best rows for many queries at once.</summary>
    /// <param name="queries">One query per row.</param>
    /// <param name="k">Hits per query, at least 1.</param>
    /// <param name="hits">Receives <paramref name="k"/> slots per query, row-major; unused slots at a row's end are left as they are.</param>
    /// <param name="scope">Which rows may be returned, for every query.</param>
    /// <returns>How many hits each query got, and how they were found.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit or <paramref name="scope"/> does not fit the index.</exception>
    /// <exception cref="InvalidEmbeddingException">The queries have another dimension or are not finite.</exception>
    public SearchStatistics SearchBatch(EmbeddingMatrix queries, int k, Span<SearchHit> hits, SearchScope scope = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (hits.Length < (long)queries.Rows * k)
        {
            throw new ArgumentException(
                $"There is room for {hits.Length} hits; {queries.Rows} queries × k = {k} need {(long)queries.Rows * k}.", nameof(hits));
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(queries.Dimensions, Dimensions, "The query");
        for (int i = 0; i < queries.Rows; i++)
        {
            EmbeddingGuard.ThrowIfNotFinite(queries[i], "The query");
        }

        Search search = _searches.Rent();
        try
        {
            int found = Math.Min(search.Begin(new RowScope(scope.Excluded, scope.Allowed)), k);
            bool packs = queries.Rows >= (_scansCodes ? PackedQueriesBesideCodes : PackedQueries) && Dimensions <= PanelScaling.MaxDimensions;
            bool integers = packs && _options.Precision != SearchPrecision.Full;
            if (found > 0 && packs)
            {
                search.FindBatch(queries.Values, found, Rows(hits), k, integers);
            }

            for (int i = 0; found > 0 && !packs && i < queries.Rows; i++)
            {
                search.Find(queries[i], Rows(hits.Slice(i * k, found)), _scansCodes);
            }

            return integers ? new SearchStatistics(found, search.FollowsDirections ? _kernels.DirectionsName : _kernels.IntegersName, search.Rescored)
                : _scansCodes && !packs ? new SearchStatistics(found, CodesName, search.Rescored)
                : new SearchStatistics(found, _kernels.FloatsName, null);
        }
        finally
        {
            _searches.Return(search);
        }
    }

    /// <summary>Multiplies every row with a few queries, in one pass over the rows: what row-wise strategies need.</summary>
    /// <param name="queries">One query per row.</param>
    /// <param name="products">Receives <see cref="Count"/> products for each query, row-major; the same bits that <see cref="InnerProducts"/> computes.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidEmbeddingException">The queries have another dimension or are not finite, or a product is not.</exception>
    internal void Multiply(EmbeddingMatrix queries, Memory<float> products, CancellationToken cancellationToken)
    {
        for (int i = 0; i < queries.Rows; i++)
        {
            CheckQuery(queries[i]);
        }

        RowScan.Run(_rows, _kernels, queries.Values, products, _options.MaxThreads, cancellationToken);
    }

    private static CompressedRows?[] Copies(IReadOnlyList<QuantizedMatrix?> compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return [.. compressed.Select(copy => copy is null ? null : CompressedRows.FromCodes(copy))];
    }

    private void CheckQuery(ReadOnlySpan<float> query)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(query.Length, Dimensions, "The query");
        EmbeddingGuard.ThrowIfNotFinite(query, "The query");
    }

    // Both are a row and its score, so that kernels need not know what is handed out, nor anybody copy it.
    private static Span<ScoredRow> Rows(Span<SearchHit> hits) => MemoryMarshal.Cast<SearchHit, ScoredRow>(hits);
}
