using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ZeroShotCir.Kernels;

/// <summary>Asks for memory that will be read soon, where the processor takes such hints.</summary>
internal static class Prefetch
{
    private const int LineBytes = 64;

    /// <summary>Asks for the line that lies some bytes further on, which need not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line(ref readonly byte place, int ahead)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in place)) + ahead);
        }
    }

    /// <summary>Asks for all lines of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(ref readonly byte start, int bytes)
    {
        for (int i = 0; i < bytes; i += LineBytes)
        {
            Line(in start, i);
        }

        // A block that does not begin with a line ends in one more.
        Line(in start, bytes - 1);
    }
}
