using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ZeroShotCir.Tensors;

/// <summary>A whole file as read-only memory, paged in by the operating system when it is touched.</summary>
/// <remarks>
/// There is nothing to dispose, so that nothing can be disposed while it is read: the file is closed as soon as it is mapped, and the
/// mapping goes when the last <see cref="Memory{T}"/> over it is collected. A span does not keep it alive; whoever holds the memory does.
/// </remarks>
internal sealed class MappedFile
{
    private readonly SafeMemoryMappedViewHandle? _view;

    private MappedFile(SafeMemoryMappedViewHandle? view, long length)
    {
        _view = view;
        Length = length;
    }

    /// <summary>The length of the file in bytes.</summary>
    public long Length { get; }

    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static MappedFile Open(string path) => Open(path, [], out _);

    /// <summary>Maps a file and reads how it begins, so that no page is touched: a page that is not in memory brings megabytes around it from the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">Where its first bytes are put.</param>
    /// <param name="read">How many there are.</param>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static MappedFile Open(string path, Span<byte> start, out int read)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        read = 0;
        while (read < start.Length && RandomAccess.Read(file, start[read..], read) is > 0 and int more)
        {
            read += more;
        }

        if (length == 0)
        {
            return new MappedFile(null, 0); // An empty file cannot be mapped.
        }

        using MemoryMappedFile map = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedFile(map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read).SafeMemoryMappedViewHandle, length);
    }

    /// <summary>Looks at a part of the file, which must lie inside it and start at a multiple of the element's size.</summary>
    public ReadOnlyMemory<T> Slice<T>(long offset, int count)
        where T : unmanaged
        => _view is null || count == 0 ? ReadOnlyMemory<T>.Empty : new View<T>(_view, offset, count).Memory;

    /// <summary>Looks at bytes of the file, which must lie inside it, for as long as the caller keeps this object alive.</summary>
    public unsafe ReadOnlySpan<byte> Peek(long offset, int count)
        => _view is null || count == 0 ? [] : new ReadOnlySpan<byte>((byte*)_view.DangerousGetHandle() + offset, count);

    private sealed unsafe class View<T>(SafeMemoryMappedViewHandle view, long offset, int count) : MemoryManager<T>
        where T : unmanaged
    {
        public override Span<T> GetSpan() => new((byte*)view.DangerousGetHandle() + offset, count);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)count, nameof(elementIndex));

            // The handle must carry a reference to this view, or the pin would not keep the mapping.
            return new MemoryHandle((byte*)view.DangerousGetHandle() + offset + ((long)elementIndex * sizeof(T)), pinnable: this);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
