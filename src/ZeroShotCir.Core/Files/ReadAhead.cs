using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Files;

/// <summary>
/// Asks the system for parts of files that are about to be read, and does not wait for them: a disk answers many questions in nearly the time
/// of one, but who reads place after place asks one at a time.
/// </summary>
internal static partial class ReadAhead
{
    private const int DoNotWait = 0x800; // Nobody may ever write to what turns out to be a pipe.
    private const int CloseOnExecute = 0x80000;
    private const int WillNeed = 3;

    /// <summary>Asks for how a file begins and for one byte of it, where the system can be asked; a file that cannot be opened is left to whoever reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">How many of its first bytes.</param>
    /// <param name="place">The place of the other byte; 0 for none.</param>
    public static void Ask(string path, long start, long place)
    {
        // Where addresses have 32 bits, so may the offsets of the C library.
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return;
        }

        try
        {
            int file = Open(path, DoNotWait | CloseOnExecute);
            if (file >= 0)
            {
                _ = Advise(file, 0, start, WillNeed);
                _ = place >= start ? Advise(file, place, 1, WillNeed) : 0;
                _ = Close(file);
            }
        }
        catch (DllNotFoundException)
        {
            // A question that cannot be asked is no error.
        }
    }

    /// <summary>
    /// Asks for memory that may be mapped from a file, where the system can be asked: for its pages alone, not for what lies around them.
    /// It costs about a microsecond.
    /// </summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="length">How many bytes.</param>
    public static unsafe void Ask(ref readonly byte start, int length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            nuint first = (nuint)Unsafe.AsPointer(ref Unsafe.AsRef(in start)), page = first & ~((nuint)Environment.SystemPageSize - 1);
            _ = Advise(page, first + (uint)length - page, WillNeed);
        }
        catch (DllNotFoundException)
        {
            // A question that cannot be asked is no error.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
