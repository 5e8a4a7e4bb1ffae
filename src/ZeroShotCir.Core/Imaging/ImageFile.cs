namespace ZeroShotCir.Imaging;

/// <summary>A large image file that is read while it is decoded, instead of being held as a whole.</summary>
/// <remarks>
/// Only reading it again tells what it holds, so that it has to be the file it was: its length and time are compared before and after. It is not
/// mapped: a mapped file that somebody cuts short ends the process. Nor is it kept open, since nobody disposes an image that was only read.
/// </remarks>
internal sealed class ImageFile
{
    /// <summary>In bytes. Smaller files are no burden to hold.</summary>
    private const long LargestHeld = 16 << 20;

    private const int BufferBytes = 1 << 16;
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private readonly long _length;
    private readonly DateTime _written;

    /// <summary>Remembers a file.</summary>
    /// <param name="file">What there is of it now.</param>
    /// <param name="path">As it was given, for messages.</param>
    public ImageFile(FileInfo file, string path)
    {
        (_length, _written) = (file.Length, file.LastWriteTimeUtc);
        Path = path;
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>Whether it is a large file of the one format that is decoded while it is read.</summary>
    public static bool IsReadLater(FileInfo file)
    {
        if (file.Length <= LargestHeld)
        {
            return false;
        }

        using FileStream stream = file.OpenRead();
        Span<byte> head = stackalloc byte[PngSignature.Length];
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(PngSignature);
    }

    /// <summary>Reads the file in one way or another.</summary>
    /// <param name="read">Gets the file from its beginning.</param>
    /// <returns>What it read.</returns>
    /// <exception cref="InvalidImageException">The file cannot be read, or is not what it was.</exception>
    public T Read<T>(Func<Stream, T> read)
    {
        try
        {
            using FileStream stream = new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            ThrowIfChanged();
            T result = read(stream);
            ThrowIfChanged();
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"The image file '{Path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="InvalidImageException">The file cannot be read, or is not what it was.</exception>
    public byte[] ReadAll() => Read(stream =>
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)_length));
        stream.ReadExactly(bytes);
        return bytes;
    });

    private void ThrowIfChanged()
    {
        FileInfo now = new(Path);
        if (!now.Exists || now.Length != _length || now.LastWriteTimeUtc != _written)
        {
            throw new IOException("it was changed while it was being read. Read it again.");
        }
    }
}
