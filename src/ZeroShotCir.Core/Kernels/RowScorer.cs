using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Files;

namespace ZeroShotCir.Kernels;

/// <summary>Computes canonical scores of single rows, for what the fast paths leave undecided.</summary>
internal sealed class RowScorer(IndexRows rows, ScanKernels kernels)
{
    private const int Ahead = 8;

    // Rows in memory are scored in a microsecond or two, pages that must be mapped first included. When some take twenty each, rows come from a disk.
    private const int Probed = 8;
    private static readonly long TicksOfWaiting = Stopwatch.Frequency / 50_000;
    private readonly GrowingBuffer<float> _queries = new();
    private readonly int _length = CanonicalScore.PaddedLength(rows.Dimensions);
    private volatile bool _waits;

    /// <summary>Takes over queries.</summary>
    /// <param name="queries">The queries, one after the other.</param>
    public void SetQueries(ReadOnlySpan<float> queries)
    {
        int count = queries.Length / rows.Dimensions;
        Span<float> padded = _queries.Reserve((long)count * _length);
        for (int i = 0; i < count; i++)
        {
            CanonicalScore.Pad(queries.Slice(i * rows.Dimensions, rows.Dimensions), padded.Slice(i * _length, _length));
        }
    }

    /// <summary>A query as <see cref="CanonicalScore.Pad"/> writes it.</summary>
    public ReadOnlySpan<float> Query(int query) => _queries.Span.Slice(query * _length, _length);

    /// <summary>Replaces bounds by scores.</summary>
    /// <param name="query">The query's place among those that were set.</param>
    /// <param name="candidates">The candidates; those that are scored are left alone.</param>
    /// <returns>How many were scored.</returns>
    /// <exception cref="InvalidEmbeddingException">A score is not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int ScoreUnscored(int query, Span<Candidate> candidates)
    {
        Span<int> four = stackalloc int[4];
        int waiting = 0, scored = 0;
        bool asked = _waits;
        if (asked)
        {
            AskFor(candidates);
        }

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < candidates.Length; i++)
        {
            // Rows lie anywhere; those that come next are asked for while these are scored.
            if (i + Ahead < candidates.Length && !candidates[i + Ahead].IsScored)
            {
                Prefetch.Block(in Unsafe.As<float, byte>(ref Unsafe.AsRef(in rows.Row(candidates[i + Ahead].Ordinal))), rows.Dimensions * sizeof(float));
            }

            if (!candidates[i].IsScored)
            {
                four[waiting++] = i;
                scored++;
            }

            if (waiting == 4 || (waiting > 0 && i == candidates.Length - 1))
            {
                Score(query, candidates, four[..waiting]);
                waiting = 0;
                if (scored == Probed && !asked && Stopwatch.GetTimestamp() - start > Probed * TicksOfWaiting)
                {
                    asked = true;
                    AskFor(candidates[(i + 1)..]);
                }
            }
        }

        if (scored >= Probed)
        {
            _waits = Stopwatch.GetTimestamp() - start > scored * TicksOfWaiting;
        }

        return scored;
    }

    private void AskFor(ReadOnlySpan<Candidate> candidates)
    {
        foreach (Candidate candidate in candidates)
        {
            if (!candidate.IsScored)
            {
                ReadAhead.Ask(in Unsafe.As<float, byte>(ref Unsafe.AsRef(in rows.Row(candidate.Ordinal))), rows.Dimensions * sizeof(float));
            }
        }
    }

    /// <summary>Scores rows of which nothing is known, all of one range.</summary>
    /// <param name="query">The query's place among those that were set.</param>
    /// <param name="range">The rows.</param>
    /// <param name="candidates">The candidates; receives their scores.</param>
    /// <exception cref="InvalidEmbeddingException">A score is not finite.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(int query, in ScanRange range, Span<Candidate> candidates)
    {
        nuint length = (uint)rows.Dimensions;
        int firstOrdinal = range.FirstOrdinal, last = candidates.Length - 1;
        ref readonly float padded = ref Query(query)[0];
        ref float first = ref MemoryMarshal.GetReference(rows.Block(range.Block).Values.Slice(range.Start * rows.Dimensions, range.Count * rows.Dimensions));
        for (int i = 0; i <= last; i += 4)
        {
            for (int next = i + 4; next <= Math.Min(i + 7, last); next++)
            {
                ref float coming = ref Unsafe.Add(ref first, (nuint)(uint)(candidates[next].Ordinal - firstOrdinal) * length);
                Prefetch.Block(in Unsafe.As<float, byte>(ref coming), rows.Dimensions * sizeof(float));
            }

            Vector128<float> scores = kernels.Score(
                in padded,
                in Unsafe.Add(ref first, (nuint)(uint)(candidates[i].Ordinal - firstOrdinal) * length),
                in Unsafe.Add(ref first, (nuint)(uint)(candidates[Math.Min(i + 1, last)].Ordinal - firstOrdinal) * length),
                in Unsafe.Add(ref first, (nuint)(uint)(candidates[Math.Min(i + 2, last)].Ordinal - firstOrdinal) * length),
                in Unsafe.Add(ref first, (nuint)(uint)(candidates[Math.Min(i + 3, last)].Ordinal - firstOrdinal) * length),
                rows.Dimensions);
            for (int lane = 0; lane < 4 && i + lane <= last; lane++)
            {
                int ordinal = candidates[i + lane].Ordinal;
                float score = scores[lane];
                if (!float.IsFinite(score))
                {
                    throw rows.NotFinite(ordinal);
                }

                candidates[i + lane] = new Candidate(score, score, ordinal);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(int query, Span<Candidate> candidates, ReadOnlySpan<int> places)
    {
        Span<int> ordinals = stackalloc int[4];
        for (int i = 0; i < 4; i++)
        {
            ordinals[i] = candidates[places[Math.Min(i, places.Length - 1)]].Ordinal;
        }

        Vector128<float> scores = kernels.Score(
            in Query(query)[0],
            in rows.Row(ordinals[0]), in rows.Row(ordinals[1]), in rows.Row(ordinals[2]), in rows.Row(ordinals[3]),
            rows.Dimensions);
        for (int i = 0; i < places.Length; i++)
        {
            float score = scores[i];
            if (!float.IsFinite(score))
            {
                throw rows.NotFinite(ordinals[i]);
            }

            candidates[places[i]] = new Candidate(score, score, ordinals[i]);
        }
    }
}
