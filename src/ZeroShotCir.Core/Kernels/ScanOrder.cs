using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>The order in which a scan takes rows by fours: one from each quarter, and what is left over at the end.</summary>
internal readonly struct ScanOrder(int rows)
{
    private readonly int _quarter = rows / 4;
    private readonly int _rows = rows;

    /// <summary>The number of rows in a quarter.</summary>
    public nuint Length => (nuint)(uint)_quarter;

    /// <summary>How many fours there are.</summary>
    public int Steps => (_rows + 3) / 4;

    /// <summary>The rows of a four; where there are fewer left, the last is repeated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<int> Places(int step)
        => step < _quarter
            ? Vector128.Create(step, step + _quarter, step + (2 * _quarter), step + (3 * _quarter))
            : Vector128.Min(Vector128.Create(4 * _quarter) + Vector128<int>.Indices, Vector128.Create(_rows - 1));

    /// <summary>A bit for each row of a four that is not a repetition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Valid(int step) => step < _quarter ? 0b1111u : (1u << (_rows & 3)) - 1;
}
