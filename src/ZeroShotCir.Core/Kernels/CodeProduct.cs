using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>What the kernels share that multiply an int16 query with int8 codes. Integer sums are exact, so their order is free.</summary>
internal static class CodeProduct
{
    /// <summary>The number of codes that every kernel takes at once, or divides.</summary>
    public const int Step = 32;

    /// <summary>The length of a query as <see cref="Pad"/> writes it.</summary>
    public static int PaddedLength(int dimensions) => (dimensions + Step - 1) / Step * Step;

    /// <summary>Writes a query like <see cref="CanonicalScore.Pad"/>: the tail at the end of the last step, zeros before it.</summary>
    public static void Pad(ReadOnlySpan<short> query, Span<short> padded)
    {
        int whole = query.Length / Step * Step;
        query[..whole].CopyTo(padded);
        if (whole < query.Length)
        {
            Span<short> tail = padded.Slice(whole, Step);
            tail.Clear();
            query[whole..].CopyTo(tail[(Step - (query.Length - whole))..]);
        }
    }

    /// <summary>Multiplies rows that are shorter than a step.</summary>
    public static Vector128<int> MultiplyShort(
        ref readonly short query, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, int dimensions)
    {
        ref short first = ref Unsafe.Add(ref Unsafe.AsRef(in query), Step - dimensions);
        Vector128<int> sum = Vector128<int>.Zero;
        for (int d = 0; d < dimensions; d++)
        {
            sum += Vector128.Create<int>(Unsafe.Add(ref first, d)) * Vector128.Create(
                Unsafe.Add(ref Unsafe.AsRef(in row0), d), Unsafe.Add(ref Unsafe.AsRef(in row1), d),
                Unsafe.Add(ref Unsafe.AsRef(in row2), d), Unsafe.Add(ref Unsafe.AsRef(in row3), d));
        }

        return sum;
    }

    /// <summary>The sums of the lanes of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> AddLanes(Vector128<int> row0, Vector128<int> row1, Vector128<int> row2, Vector128<int> row3)
    {
        if (Ssse3.IsSupported)
        {
            return Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(row0, row1), Ssse3.HorizontalAdd(row2, row3));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(row0, row1), AdvSimd.Arm64.AddPairwise(row2, row3));
        }

        return Vector128.Create(Vector128.Sum(row0), Vector128.Sum(row1), Vector128.Sum(row2), Vector128.Sum(row3));
    }
}
