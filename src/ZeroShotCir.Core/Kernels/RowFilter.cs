using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Which rows a search may return, in the shape that a scan can ask quickly. Asked only about rows that pass the threshold.</summary>
internal sealed class RowFilter
{
    private readonly GrowingBuffer<int> _excluded = new();
    private ReadOnlyMemory<ulong> _allowed;

    /// <summary>Whether any row may be kept back.</summary>
    public bool Restricts { get; private set; }

    /// <summary>The number of rows that may be returned.</summary>
    public int RowsInScope { get; private set; }

    /// <summary>Takes over a scope.</summary>
    /// <param name="scope">The scope; must stay unchanged during the search.</param>
    /// <param name="rows">The number of rows of the index.</param>
    /// <exception cref="ArgumentException">The scope does not fit the index.</exception>
    public void Reset(in RowScope scope, int rows)
    {
        int words = (int)(((long)rows + 63) / 64);
        if (!scope.Allowed.IsEmpty && scope.Allowed.Length != words)
        {
            throw new ArgumentException(
                $"The bitmap of allowed items has {scope.Allowed.Length} elements; {rows} items need {words}.", nameof(scope));
        }

        _allowed = scope.Allowed;
        Span<int> excluded = _excluded.Reserve(scope.Excluded.Length);
        scope.Excluded.Span.CopyTo(excluded);
        excluded.Sort();
        if (excluded.Length > 0 && (excluded[0] < 0 || excluded[^1] >= rows))
        {
            throw new ArgumentException(
                $"The excluded ordinal {(excluded[0] < 0 ? excluded[0] : excluded[^1])} is not one of the index's {rows} rows.", nameof(scope));
        }

        Restricts = !_allowed.IsEmpty || excluded.Length > 0;
        RowsInScope = CountRows(excluded, rows);
    }

    /// <summary>Whether a row may be returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allows(int ordinal) => !Restricts || IsLetThrough(ordinal);

    /// <summary>Keeps those places, counted from an ordinal, whose rows may be returned.</summary>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int KeepAllowed(Span<int> places, int firstOrdinal)
    {
        int kept = 0;
        foreach (int place in places)
        {
            places[kept] = place;
            kept += Allows(firstOrdinal + place) ? 1 : 0;
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsLetThrough(int ordinal) => IsAllowed(ordinal) && _excluded.Span.BinarySearch(ordinal) < 0;

    private bool IsAllowed(int ordinal) => _allowed.IsEmpty || ((_allowed.Span[ordinal >> 6] >> (ordinal & 63)) & 1) != 0;

    private int CountRows(ReadOnlySpan<int> excluded, int rows)
    {
        int count = rows;
        if (!_allowed.IsEmpty)
        {
            ReadOnlySpan<ulong> words = _allowed.Span;
            count = 0;
            for (int i = 0; i < words.Length; i++)
            {
                int bits = Math.Min(64, rows - (i * 64));
                count += System.Numerics.BitOperations.PopCount(words[i] & (ulong.MaxValue >> (64 - bits)));
            }
        }

        for (int i = 0; i < excluded.Length; i++)
        {
            bool repeated = i > 0 && excluded[i] == excluded[i - 1];
            if (!repeated && IsAllowed(excluded[i]))
            {
                count--;
            }
        }

        return count;
    }
}
