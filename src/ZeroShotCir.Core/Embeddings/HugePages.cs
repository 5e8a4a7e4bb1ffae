using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Embeddings;

/// <summary>Asks the system to back large blocks with huge pages: a scan then spends less of its time on address translation.</summary>
internal static partial class HugePages
{
    private const nuint PageBytes = 2 << 20;
    private const int UseHugePages = 14;

    /// <summary>Gives advice on a pinned block that was not written to yet; where the system has no such pages nothing changes.</summary>
    public static unsafe void Advise<T>(T[] block)
        where T : unmanaged
    {
        nuint bytes = (nuint)block.LongLength * (nuint)sizeof(T);
        if (!OperatingSystem.IsLinux() || bytes < 2 * PageBytes)
        {
            return;
        }

        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(block));
        nuint first = (address + PageBytes - 1) & ~(PageBytes - 1);
        nuint end = (address + bytes) & ~(PageBytes - 1);
        try
        {
            _ = MemoryAdvise(first, end - first, UseHugePages);
        }
        catch (DllNotFoundException)
        {
            // Advice that cannot be given is no error.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nuint address, nuint length, int advice);
}
