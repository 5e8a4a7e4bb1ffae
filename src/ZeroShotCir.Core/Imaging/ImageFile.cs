using ZeroShotCir.Buffers;

namespace ZeroShotCir.Imaging;

/// <summary>An image file that is read when it is needed, instead of being held.</summary>
/// <remarks>
/// Only reading it again tells what it holds, so that it has to be the file it was: its length and time are compared before and after, and a change that keeps
/// both is not seen. It is not
/// mapped: a mapped file that somebody cuts short ends the process. Nor is it kept open, since nobody disposes an image that was only read.
/// </remarks>
internal sealed class ImageFile
{
    /// <summary>In bytes. Smaller files are no burden to hold.</summary>
    private const long LargestHeld = 1 << 20;

    private const int BufferBytes = 1 << 16;
    private readonly string _path;
    private readonly DateTime _written;

    /// <summary>Remembers a file.</summary>
    /// <param name="file">What there is of it now; no link.</param>
    /// <param name="source">The path as it was given, for messages.</param>
    public ImageFile(FileInfo file, string source)
    {
        (_path, Length, _written) = (file.FullName, file.Length, WrittenOf(file));
        Source = source;
    }

    /// <summary>The path as it was given.</summary>
    public string Source { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <summary>Whether a file is too large to be held for nothing; what no array can hold is read at once, and fails.</summary>
    public static bool IsReadLater(FileInfo file) => file.Length > LargestHeld && file.Length <= Array.MaxLength;

    /// <summary>Reads the file in one way or another.</summary>
    /// <param name="read">Gets the file from its beginning.</param>
    /// <returns>What it read.</returns>
    /// <exception cref="InvalidImageException">The file cannot be read, or is not what it was.</exception>
    public T Read<T>(Func<Stream, T> read)
    {
        try
        {
            using FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            ThrowIfChanged();
            T result = read(stream);
            ThrowIfChanged();
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"The image file '{Source}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="InvalidImageException">The file cannot be read, or is not what it was.</exception>
    public byte[] ReadAll()
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)Length);
        ReadAll(bytes);
        return bytes;
    }

    /// <summary>Reads all of it into memory that is given back.</summary>
    /// <exception cref="InvalidImageException">The file cannot be read, or is not what it was.</exception>
    public RentedArray<byte> Rent()
    {
        RentedArray<byte> bytes = new((int)Length);
        try
        {
            ReadAll(bytes.Memory);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Tells the format by the first bytes.</summary>
    /// <exception cref="InvalidImageException">The file cannot be read, or is not what it was.</exception>
    public string ReadMediaType() => Read(stream =>
    {
        Span<byte> head = stackalloc byte[ImageFormat.HeadLength];
        return ImageData.SniffMediaType(head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    });

    private void ReadAll(Memory<byte> bytes) => Read(stream =>
    {
        stream.ReadExactly(bytes.Span);
        return true;
    });

    // File systems keep times that no calendar has.
    private static DateTime WrittenOf(FileInfo file)
    {
        try
        {
            return file.LastWriteTimeUtc;
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateTime.MinValue;
        }
    }

    private void ThrowIfChanged()
    {
        FileInfo now = new(_path);
        if (!now.Exists || now.Length != Length || WrittenOf(now) != _written)
        {
            throw new IOException("it was changed while it was being read. Read it again.");
        }
    }
}
