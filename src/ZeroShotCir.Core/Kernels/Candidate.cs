using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>A row that may belong to the best: bounds of its canonical score, which is known when they are equal.</summary>
/// <param name="Lower">The canonical score is not below it.</param>
/// <param name="Upper">The canonical score is not above it.</param>
/// <param name="Ordinal">The row.</param>
internal readonly record struct Candidate(float Lower, float Upper, int Ordinal)
{
    /// <summary>Whether the canonical score is known. The margins of certified scans are never so narrow that this could be chance.</summary>
    public bool IsScored => Lower == Upper;

    /// <summary>
    /// A number for each scored row that is larger the better the row ranks: its score's bits in the order of their value,
    /// then the smaller ordinal.
    /// </summary>
    public ulong Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // -0 and 0 are one score.
            uint bits = BitConverter.SingleToUInt32Bits(Lower + 0f);
            return ((ulong)((bits & 0x8000_0000) != 0 ? ~bits : bits ^ 0x8000_0000) << 32) | ~(uint)Ordinal;
        }
    }

    /// <summary>A row of whose score nothing is known.</summary>
    public static Candidate Unknown(int ordinal) => new(float.NegativeInfinity, float.PositiveInfinity, ordinal);

    /// <summary>The scored row of a <see cref="Key"/>.</summary>
    public static Candidate FromKey(ulong key)
    {
        uint bits = (uint)(key >> 32);
        float score = BitConverter.UInt32BitsToSingle((bits & 0x8000_0000) != 0 ? bits ^ 0x8000_0000 : ~bits);
        return new Candidate(score, score, (int)~(uint)key);
    }
}
