using System.Buffers;
using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;

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
public sealed class ExactIndex : IVectorIndex
{
    private readonly EmbeddingMatrix[] _blocks;
    private readonly QuantizedMatrix?[] _compressed;
    private readonly ExactIndexOptions _options;

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
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(compressed);
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

        _options = options ?? new ExactIndexOptions();
        _blocks = [.. blocks];
        _compressed = compressed.Count == 0 ? new QuantizedMatrix?[_blocks.Length] : [.. compressed];
        Dimensions = blocks[0].Dimensions;
        long count = 0;
        for (int i = 0; i < _blocks.Length; i++)
        {
            EmbeddingMatrix block = _blocks[i];
            EmbeddingGuard.ThrowIfDimensionsDiffer(block.Dimensions, Dimensions, $"Block {i} of the index");
            if (_compressed[i] is { } copy && (copy.Rows != block.Rows || copy.Dimensions != Dimensions))
            {
                throw new ArgumentException(
                    $"The compressed copy of block {i} is {copy.Rows} × {copy.Dimensions}, the block is {block.Rows} × {Dimensions}.", nameof(compressed));
            }

            if (_options.CheckRows)
            {
                EmbeddingGuard.ThrowIfNotFinite(block, "The gallery embedding");
            }

            if (_options.Precision == SearchPrecision.Certified)
            {
                _compressed[i] ??= QuantizedMatrix.Quantize(block);
            }

            count += block.Rows;
        }

        Count = count <= Array.MaxLength
            ? (int)count
            : throw new ArgumentException($"The blocks have {count} rows together; an index holds at most {Array.MaxLength}.", nameof(blocks));
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <inheritdoc/>
    public int Search(ReadOnlySpan<float> query, Span<SearchHit> hits, SearchScope scope = default)
        => Search(query, hits, scope, out _);

    /// <summary>Finds the best rows for one query and tells how.</summary>
    /// <param name="query">The query; need not have unit length.</param>
    /// <param name="hits">Receives the hits in ranking order; its length is k, at least 1.</param>
    /// <param name="scope">Which rows may be returned.</param>
    /// <param name="statistics">How the result was reached.</param>
    /// <returns>How many hits were written: k, or fewer when fewer rows are in scope.</returns>
    /// <exception cref="ArgumentException"><paramref name="hits"/> is empty or <paramref name="scope"/> does not fit the index.</exception>
    /// <exception cref="InvalidEmbeddingException">The query has another dimension or is not finite.</exception>
    public int Search(ReadOnlySpan<float> query, Span<SearchHit> hits, SearchScope scope, out SearchStatistics statistics)
    {
        if (hits.IsEmpty)
        {
            throw new ArgumentException("There is no room for hits; the length of the span is k, at least 1.", nameof(hits));
        }

        CheckQuery(query);
        statistics = new SearchStatistics("tensor-primitives", null);
        HashSet<int> excluded = CheckScope(scope);
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(Math.Max(Count, 1));
        int candidates = 0, ordinal = 0;
        foreach (EmbeddingMatrix block in _blocks)
        {
            for (int row = 0; row < block.Rows; row++, ordinal++)
            {
                if (IsAllowed(ordinal, excluded, scope.Allowed.Span))
                {
                    keys[candidates++] = Key(TensorPrimitives.Dot(query, block[row]) + 0f, ordinal);
                }
            }
        }

        keys.AsSpan(0, candidates).Sort();
        int found = Math.Min(candidates, hits.Length);
        for (int i = 0; i < found; i++)
        {
            ulong key = keys[candidates - 1 - i];
            uint bits = (uint)(key >> 32);
            bits = (bits & 0x8000_0000) != 0 ? bits ^ 0x8000_0000 : ~bits;
            hits[i] = new SearchHit((int)~(uint)key, BitConverter.UInt32BitsToSingle(bits));
        }

        ArrayPool<ulong>.Shared.Return(keys);
        return found;
    }

    /// <inheritdoc/>
    public int SearchBatch(EmbeddingMatrix queries, int k, Span<SearchHit> hits, SearchScope scope = default)
        => SearchBatch(queries, k, hits, scope, out _);

    /// <summary>Finds the best rows for many queries at once and tells how.</summary>
    /// <param name="queries">One query per row.</param>
    /// <param name="k">Hits per query, at least 1.</param>
    /// <param name="hits">Receives <paramref name="k"/> slots per query, row-major; unused slots at a row's end are left as they are.</param>
    /// <param name="scope">Which rows may be returned, for every query.</param>
    /// <param name="statistics">How the result was reached.</param>
    /// <returns>How many hits each query got: <paramref name="k"/>, or fewer when fewer rows are in scope.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit or <paramref name="scope"/> does not fit the index.</exception>
    /// <exception cref="InvalidEmbeddingException">The queries have another dimension or are not finite.</exception>
    public int SearchBatch(EmbeddingMatrix queries, int k, Span<SearchHit> hits, SearchScope scope, out SearchStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (hits.Length < (long)queries.Rows * k)
        {
            throw new ArgumentException(
                $"There is room for {hits.Length} hits; {queries.Rows} queries × k = {k} need {(long)queries.Rows * k}.", nameof(hits));
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(queries.Dimensions, Dimensions, "The query");
        statistics = new SearchStatistics("tensor-primitives", null);
        int found = 0;
        for (int i = 0; i < queries.Rows; i++)
        {
            found = Search(queries[i], hits.Slice(i * k, k), scope, out statistics);
        }

        return found;
    }

    private static bool IsAllowed(int ordinal, HashSet<int> excluded, ReadOnlySpan<ulong> allowed)
        => !excluded.Contains(ordinal) && (allowed.IsEmpty || ((allowed[ordinal >> 6] >> (ordinal & 63)) & 1) != 0);

    // Larger keys rank first: the score's bits in the order of its value, then the smaller ordinal.
    private static ulong Key(float score, int ordinal)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score);
        bits = (bits & 0x8000_0000) != 0 ? ~bits : bits ^ 0x8000_0000;
        return ((ulong)bits << 32) | ~(uint)ordinal;
    }

    private void CheckQuery(ReadOnlySpan<float> query)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(query.Length, Dimensions, "The query");
        EmbeddingGuard.ThrowIfNotFinite(query, "The query");
    }

    private HashSet<int> CheckScope(SearchScope scope)
    {
        if (!scope.Allowed.IsEmpty && scope.Allowed.Length != (Count + 63) / 64)
        {
            throw new ArgumentException(
                $"The bitmap of allowed items has {scope.Allowed.Length} elements; {Count} items need {(Count + 63) / 64}.", nameof(scope));
        }

        foreach (int ordinal in scope.Excluded.Span)
        {
            if ((uint)ordinal >= (uint)Count)
            {
                throw new ArgumentException($"The excluded ordinal {ordinal} is not one of the index's {Count} rows.", nameof(scope));
            }
        }

        return [.. scope.Excluded.Span];
    }
}
