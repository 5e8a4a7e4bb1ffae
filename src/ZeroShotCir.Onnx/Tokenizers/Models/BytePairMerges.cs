using ZeroShotCir.Buffers;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>The ranked merges of a byte-pair encoding, applied to sequences of symbol ids.</summary>
/// <remarks>Immutable once filled; concurrent callers may merge.</remarks>
internal sealed class BytePairMerges
{
    /// <summary>Up to this length, rescanning a word beats keeping a queue.</summary>
    private const int ScanLimit = 48;

    private readonly MergeTable _merges = new();

    /// <summary>Adds the next merge: its rank is the number of merges before it.</summary>
    public void Add(int left, int right, int merged) => Add(left, right, merged, _merges.Count);

    /// <summary>Adds a merge of a rank; a pair keeps the first merge that it is given.</summary>
    public void Add(int left, int right, int merged, int rank) => _merges.TryAdd(Pair(left, right), new Merge(rank, merged));

    /// <summary>Merges in place, lowest rank first and leftmost among equals, until no pair has a merge.</summary>
    /// <param name="symbols">The symbols; the result fills its beginning.</param>
    /// <returns>The number of symbols left.</returns>
    public int Apply(Span<int> symbols) => symbols.Length <= ScanLimit ? Scan(symbols) : Queue(symbols);

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private int Scan(Span<int> symbols)
    {
        int count = symbols.Length;
        Span<Merge> merges = stackalloc Merge[ScanLimit];
        for (int i = 0; i + 1 < count; i++)
        {
            merges[i] = Find(symbols[i], symbols[i + 1]);
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                best = merges[i].Rank < merges[best].Rank ? i : best;
            }

            if (merges[best].Rank == int.MaxValue)
            {
                break;
            }

            symbols[best] = merges[best].Merged;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            if (best + 2 < count)
            {
                merges[(best + 2)..(count - 1)].CopyTo(merges[(best + 1)..]);
            }

            count--;
            if (best > 0)
            {
                merges[best - 1] = Find(symbols[best - 1], symbols[best]);
            }

            if (best + 1 < count)
            {
                merges[best] = Find(symbols[best], symbols[best + 1]);
            }
        }

        return count;
    }

    /// <summary>n log n for words of any length: a linked list of symbols and a queue of the pairs that have a merge.</summary>
    private int Queue(Span<int> symbols)
    {
        int count = symbols.Length;
        using RentedArray<int> links = new(2 * count);
        Span<int> previous = links.Span[..count];
        Span<int> next = links.Span[count..];
        PriorityQueue<(int Position, long Pair), long> queue = new(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
        }

        for (int i = 0; i + 1 < count; i++)
        {
            Enqueue(queue, i, symbols[i], symbols[i + 1]);
        }

        const int Gone = -1;
        while (queue.TryDequeue(out (int Position, long Pair) item, out _))
        {
            int left = item.Position;
            int right = symbols[left] == Gone ? count : next[left];

            // A pair that an earlier merge has changed has its own, newer entry.
            if (right >= count || Pair(symbols[left], symbols[right]) != item.Pair)
            {
                continue;
            }

            symbols[left] = _merges.Find(item.Pair).Merged;
            symbols[right] = Gone;
            next[left] = next[right];
            if (next[left] < count)
            {
                previous[next[left]] = left;
                Enqueue(queue, left, symbols[left], symbols[next[left]]);
            }

            if (previous[left] >= 0)
            {
                Enqueue(queue, previous[left], symbols[previous[left]], symbols[left]);
            }
        }

        int written = 0;
        for (int i = 0; i < count; i = next[i])
        {
            symbols[written++] = symbols[i];
        }

        return written;
    }

    private void Enqueue(PriorityQueue<(int Position, long Pair), long> queue, int position, int left, int right)
    {
        Merge merge = Find(left, right);
        if (merge.Rank != int.MaxValue)
        {
            queue.Enqueue((position, Pair(left, right)), ((long)merge.Rank << 32) | (uint)position);
        }
    }

    private Merge Find(int left, int right) => _merges.Find(Pair(left, right));
}
