using System.Runtime.InteropServices;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>What a file system says of a file without reading it: size, time of writing, and a second sign of another content.</summary>
/// <param name="IsFile">Whether it is a file that can be read to its end: no folder, pipe or device.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was written, as programs may set it; a time that no calendar has is cut to the nearest one.</param>
/// <param name="Changed">
/// When the system last changed it, which no program can set (Linux: ctime; elsewhere when it was created). <see langword="null"/> when
/// it has just been written: it may be written again before the clock of the file system moves on.
/// </param>
internal sealed partial record FileStamp(bool IsFile, long Bytes, DateTimeOffset Modified, DateTimeOffset? Changed)
{
    // The clock of a file system moves on every 4 or 10 milliseconds.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(20);

    /// <returns>The stamp, or <see langword="null"/> if there is no such file.</returns>
    /// <exception cref="IOException">The system does not tell.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    public static FileStamp? Read(string path)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        FileStamp? stamp = (OperatingSystem.IsLinux() ? ReadLinux(path) : null) ?? ReadAnySystem(path);
        bool fresh = stamp is not null && ((now - stamp.Modified).Duration() <= ClockStep || now - stamp.Changed <= ClockStep);
        return fresh ? stamp! with { Changed = null } : stamp;
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

    // Null where the system cannot be asked so: the caller then asks as everywhere, which also gives the exceptions their words.
    private static FileStamp? ReadLinux(string path)
    {
        const uint Wanted = 0x7FF; // The basic fields.
        const int CurrentFolder = -100;
        const ushort KindMask = 0xF000, RegularFile = 0x8000;
        try
        {
            return StatX(CurrentFolder, path, 0, Wanted, out StatXResult found) == 0
                ? new FileStamp((found.Mode & KindMask) == RegularFile, (long)found.Size, found.Modified.ToDate(), found.Changed.ToDate())
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A system library older than the call.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out StatXResult result);

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
