using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>
/// Collects, for one or more queries, the rows that may belong to the best k. Memory is bounded whatever the data: when a
/// query's places are full, rows whose upper bound is below the k-th lower bound go; if too many remain, their scores decide.
/// </summary>
internal sealed class CandidateTable
{
    private readonly GrowingBuffer<Candidate> _entries = new();
    private readonly GrowingBuffer<int> _counts = new();
    private readonly GrowingBuffer<float> _thresholds = new();
    private readonly GrowingBuffer<float> _lowers = new();
    private readonly GrowingBuffer<ulong> _keys = new();
    private int _k;
    private int _capacity;

    /// <summary>How many rows were scored because no bound could rule them out.</summary>
    public long Rescored { get; private set; }

    /// <summary>The places that one query needs.</summary>
    public static long CapacityFor(int k) => (2L * k) + 96;

    /// <summary>Empties the table.</summary>
    /// <param name="queries">The number of queries.</param>
    /// <param name="k">How many rows each wants, at least 1.</param>
    public void Reset(int queries, int k)
    {
        _k = k;
        _capacity = checked((int)CapacityFor(k));
        _entries.Reserve((long)queries * _capacity);
        _counts.Reserve(queries).Clear();
        _thresholds.Reserve(queries).Fill(float.NegativeInfinity);
        Rescored = 0;
    }

    /// <summary>The k-th largest lower bound that was found: a row whose upper bound is below it is out.</summary>
    public float Threshold(int query) => _thresholds.Span[query];

    /// <summary>Says that k rows are known to score so much or more, whether or not they were added.</summary>
    public void Raise(int query, float threshold)
    {
        ref float own = ref _thresholds.Span[query];
        own = Math.Max(own, threshold);
    }

    /// <summary>Scores a query's rows, whose bounds were only estimates.</summary>
    /// <param name="query">The query.</param>
    /// <param name="scorer">Scores them.</param>
    /// <param name="scores">Receives their canonical scores; as long as <see cref="CapacityFor"/> says.</param>
    /// <returns>How many there are.</returns>
    public int ScoreEstimated(int query, RowScorer scorer, Span<float> scores)
    {
        DropBelowThreshold(query);
        Span<Candidate> entries = Entries(query);
        foreach (ref Candidate entry in entries)
        {
            entry = Candidate.Unknown(entry.Ordinal);
        }

        ScoreAll(query, scorer);
        for (int i = 0; i < entries.Length; i++)
        {
            scores[i] = entries[i].Lower;
        }

        return entries.Length;
    }

    /// <summary>Takes a row that reaches the threshold.</summary>
    /// <returns>Whether the threshold may have moved.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(int query, Candidate candidate, RowScorer scorer)
    {
        ref int count = ref _counts.Span[query];
        _entries.Span[(query * _capacity) + count] = candidate;
        if (++count < _capacity)
        {
            return false;
        }

        Prune(query, scorer);
        return true;
    }

    /// <summary>Takes those of scored rows that reach the threshold, and raises it without waiting until a query's places are full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddScored(int query, ReadOnlySpan<Candidate> candidates, RowScorer scorer)
    {
        Rescored += candidates.Length;
        foreach (Candidate candidate in candidates)
        {
            if (candidate.Lower >= _thresholds.Span[query])
            {
                Add(query, candidate, scorer);
            }
        }

        if (_counts.Span[query] >= _k + (_k / 4) + 8)
        {
            DropBelowThreshold(query);
        }
    }

    /// <summary>Takes over what another table, of another part of the rows, found for a query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddAll(int query, CandidateTable other, int otherQuery, RowScorer scorer)
    {
        foreach (Candidate candidate in other.Entries(otherQuery))
        {
            if (candidate.Upper >= _thresholds.Span[query])
            {
                Add(query, candidate, scorer);
            }
        }
    }

    /// <summary>Writes the best rows of a query in ranking order.</summary>
    /// <returns>How many were written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Finish(int query, RowScorer scorer, Span<ScoredRow> hits)
    {
        DropBelowThreshold(query);
        ScoreAll(query, scorer);
        ReadOnlySpan<Candidate> entries = Entries(query);
        Span<ulong> keys = Keys(entries);
        keys.Sort();
        int found = Math.Min(keys.Length, hits.Length);
        for (int i = 0; i < found; i++)
        {
            Candidate hit = Candidate.FromKey(keys[keys.Length - 1 - i]);
            hits[i] = new ScoredRow(hit.Ordinal, hit.Lower);
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<Candidate> Entries(int query) => _entries.Span.Slice(query * _capacity, _counts.Span[query]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prune(int query, RowScorer scorer)
    {
        DropBelowThreshold(query);
        if (Entries(query).Length <= _k + ((_capacity - _k) / 2))
        {
            return;
        }

        // The bounds are too wide for these rows, or the rows are equal: let the scores, and then the ordinals, decide.
        ScoreAll(query, scorer);
        Span<Candidate> entries = Entries(query);
        Span<ulong> keys = Keys(entries);
        ulong last = Selection.Descending(keys, _k - 1);
        int kept = 0;
        foreach (Candidate candidate in entries)
        {
            if (candidate.Key >= last)
            {
                entries[kept++] = candidate;
            }
        }

        _counts.Span[query] = kept;
        _thresholds.Span[query] = Candidate.FromKey(last).Lower;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DropBelowThreshold(int query)
    {
        Span<Candidate> entries = Entries(query);
        if (entries.Length < _k)
        {
            return;
        }

        Span<float> lowers = _lowers.Reserve(entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            lowers[i] = entries[i].Lower;
        }

        float threshold = Math.Max(Selection.Descending(lowers, _k - 1), _thresholds.Span[query]);
        int kept = 0;
        foreach (Candidate candidate in entries)
        {
            if (candidate.Upper >= threshold)
            {
                entries[kept++] = candidate;
            }
        }

        _counts.Span[query] = kept;
        _thresholds.Span[query] = threshold;
    }

    private void ScoreAll(int query, RowScorer scorer)
    {
        Span<Candidate> entries = Entries(query);
        Rescored += scorer.ScoreUnscored(query, entries);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Span<ulong> Keys(ReadOnlySpan<Candidate> entries)
    {
        Span<ulong> keys = _keys.Reserve(entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            keys[i] = entries[i].Key;
        }

        return keys;
    }
}
