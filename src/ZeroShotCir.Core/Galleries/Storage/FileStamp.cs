using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>What a file system says of a file without reading it: size, time of writing, and a second sign of another content.</summary>
/// <param name="IsFile">Whether it is a file that can be read to its end: no folder, pipe or device.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was written, as programs may set it; a time that no calendar has is cut to the nearest one.</param>
/// <param name="Changed">
/// When the system last changed it, which no program can set (Linux: ctime; elsewhere when it was created). <see langword="null"/> when
/// it has just been written: it may be written again before the clock of the file system moves on.
/// </param>
internal sealed unsafe partial record FileStamp(bool IsFile, long Bytes, DateTimeOffset Modified, DateTimeOffset? Changed)
{
    // The clock of a file system moves on every 4 or 10 milliseconds.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(20);
    private const int CurrentFolder = -100;
    private const int NotFollowed = 0x100;

    /// <returns>The stamp, or <see langword="null"/> if there is no such file.</returns>
    /// <exception cref="IOException">The system does not tell.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    public static FileStamp? Read(string path)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return Trusted(ReadLinux(path, 0, out _) ?? ReadAnySystem(path), now);
    }

    /// <summary>The stamp of what a folder lists, where one question to the system tells that it is no link, and the stamp as well.</summary>
    /// <param name="path">The path of the file, folder or link.</param>
    /// <param name="now">The time, as it was at that moment or before.</param>
    /// <param name="isLink">Whether it is a link; that is not followed.</param>
    /// <returns>The stamp, or <see langword="null"/> of a link, and where it has to be asked for otherwise.</returns>
    public static FileStamp? ReadListed(string path, DateTimeOffset now, out bool isLink)
    {
        if (ReadLinux(path, NotFollowed, out isLink) is { } stamp)
        {
            return isLink ? null : Trusted(stamp, now);
        }

        isLink = IsLink(path);
        return null;
    }

    /// <summary>The same, of a name in a folder that is open.</summary>
    /// <param name="folder">The descriptor of the folder.</param>
    /// <param name="name">The name, with a zero at its end.</param>
    /// <param name="now">The time, as it was at that moment or before.</param>
    /// <param name="isLink">Whether it is a link; that is not followed.</param>
    /// <returns>The stamp, or <see langword="null"/> of a link, and where it has to be asked for otherwise.</returns>
    public static FileStamp? ReadListed(int folder, byte* name, DateTimeOffset now, out bool isLink)
    {
        FileStamp? stamp = ReadLinux(folder, name, NotFollowed, out isLink);
        return isLink ? null : Trusted(stamp, now);
    }

    // What has just been written may be written again at the same time.
    private static FileStamp? Trusted(FileStamp? stamp, DateTimeOffset now)
    {
        bool fresh = stamp is not null && ((now - stamp.Modified).Duration() <= ClockStep || now - stamp.Changed <= ClockStep);
        return fresh ? stamp! with { Changed = null } : stamp;
    }

    private static bool IsLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It vanished; reading it will say so.
        }
    }

    private static FileStamp? ReadAnySystem(string path)
    {
        FileInfo file = new(path);
        if (file.Exists)
        {
            return new FileStamp((file.Attributes & FileAttributes.Device) == 0, file.Length, TimeOf(() => file.LastWriteTimeUtc), TimeOf(() => file.CreationTimeUtc));
        }

        return Directory.Exists(path) ? new FileStamp(false, 0, DateTimeOffset.MinValue, DateTimeOffset.MinValue) : null;
    }

    private static DateTimeOffset TimeOf(Func<DateTime> read)
    {
        try
        {
            return new DateTimeOffset(read());
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateTimeOffset.MinValue; // A disk may hold years that no calendar has.
        }
    }

    private static FileStamp? ReadLinux(string path, int flags, out bool isLink)
    {
        isLink = false;
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        byte* name = Utf8StringMarshaller.ConvertToUnmanaged(path);
        try
        {
            return ReadLinux(CurrentFolder, name, flags, out isLink);
        }
        finally
        {
            Utf8StringMarshaller.Free(name);
        }
    }

    // Null where the system cannot be asked so: the caller then asks as everywhere, which also gives the exceptions their words.
    private static FileStamp? ReadLinux(int folder, byte* name, int flags, out bool isLink)
    {
        const uint Wanted = 0x7FF; // The basic fields.
        const ushort KindMask = 0xF000, RegularFile = 0x8000, Link = 0xA000;
        isLink = false;
        try
        {
            if (StatX(folder, name, flags, Wanted, out StatXResult found) != 0)
            {
                return null;
            }

            isLink = (found.Mode & KindMask) == Link;
            return new FileStamp((found.Mode & KindMask) == RegularFile, (long)found.Size, found.Modified.ToDate(), found.Changed.ToDate());
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A system library older than the call.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatX(int folder, byte* name, int flags, uint mask, out StatXResult result);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatXResult
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public Time Changed;

        [FieldOffset(112)]
        public Time Modified;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;

        public readonly DateTimeOffset ToDate()
        {
            long first = DateTimeOffset.MinValue.ToUnixTimeSeconds(), last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
            return Seconds < first ? DateTimeOffset.MinValue
                : Seconds >= last ? DateTimeOffset.MaxValue
                : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }
}
