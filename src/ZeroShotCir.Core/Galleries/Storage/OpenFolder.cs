using System.Runtime.InteropServices;
using System.Text;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>
/// A folder that is held open while the system is asked about what it lists, by names alone: the way to the folder is then gone once, not
/// once for each of its files.
/// </summary>
/// <remarks>Serves concurrent callers until it is disposed.</remarks>
internal sealed unsafe partial class OpenFolder : IDisposable
{
    private const int LongestName = 255; // In bytes, in all file systems of Linux that are in use.
    private readonly string _path;
    private readonly nint _stream;
    private readonly int _descriptor;

    public OpenFolder(string path)
    {
        _path = path;
        _stream = OperatingSystem.IsLinux() ? OpenDirectory(path) : 0;
        _descriptor = _stream == 0 ? -1 : DescriptorOf(_stream);
    }

    /// <summary>The stamp of what the folder lists, where one question to the system tells that it is no link, and the stamp as well.</summary>
    /// <param name="name">The name of a file, folder or link.</param>
    /// <param name="now">The time, as it was at that moment or before.</param>
    /// <param name="isLink">Whether it is a link; that is not followed.</param>
    /// <returns>The stamp, or <see langword="null"/> of a link, and where it has to be asked for otherwise.</returns>
    public FileStamp? ReadListed(ReadOnlySpan<char> name, DateTimeOffset now, out bool isLink)
    {
        Span<byte> bytes = stackalloc byte[LongestName + 1];
        if (_descriptor < 0 || !Encoding.UTF8.TryGetBytes(name, bytes[..^1], out int length))
        {
            return FileStamp.ReadListed(Path.Join(_path, name), now, out isLink);
        }

        bytes[length] = 0;
        fixed (byte* start = bytes)
        {
            FileStamp? stamp = FileStamp.ReadListed(_descriptor, start, now, out isLink);
            return stamp is not null || isLink ? stamp : FileStamp.ReadListed(Path.Join(_path, name), now, out isLink);
        }
    }

    public void Dispose()
    {
        if (_stream != 0)
        {
            _ = CloseDirectory(_stream);
        }
    }

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenDirectory(string path);

    [LibraryImport("libc", EntryPoint = "dirfd")]
    private static partial int DescriptorOf(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseDirectory(nint stream);
}
