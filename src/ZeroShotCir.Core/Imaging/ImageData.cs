using System.Security.Cryptography;

namespace ZeroShotCir.Imaging;

/// <summary>An image as it is stored: encoded bytes and their media type. What galleries hold and chat models accept.</summary>
/// <remarks>Immutable as long as nobody changes the bytes; may be shared between threads.</remarks>
public sealed class ImageData
{
    private readonly ReadOnlyMemory<byte> _data;
    private byte[]? _read;

    /// <summary>Holds encoded bytes.</summary>
    /// <param name="data">The encoded bytes; not copied, not empty.</param>
    /// <param name="mediaType">Their media type, such as <c>image/jpeg</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="mediaType"/> is empty.</exception>
    /// <exception cref="InvalidImageException"><paramref name="data"/> is empty.</exception>
    public ImageData(ReadOnlyMemory<byte> data, string mediaType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mediaType);
        if (data.IsEmpty)
        {
            throw new InvalidImageException("The image has no bytes; expected an encoded image such as JPEG or PNG.");
        }

        _data = data;
        MediaType = mediaType;
    }

    private ImageData(ImageFile file, string mediaType)
    {
        File = file;
        MediaType = mediaType;
        Source = file.Source;
    }

    /// <summary>The encoded bytes. Those of a file that was opened and not read yet are read when they are first asked for, and kept.</summary>
    /// <exception cref="InvalidImageException">The opened file cannot be read any more, or was changed since.</exception>
    public ReadOnlyMemory<byte> Data => File is null ? _data : LazyInitializer.EnsureInitialized(ref _read, File.ReadAll);

    /// <summary>The file that is read when it is needed; <see langword="null"/> where the bytes are held.</summary>
    internal ImageFile? File { get; }

    /// <summary>The number of encoded bytes, which need not be read for it.</summary>
    internal long Length => File?.Length ?? _data.Length;

    /// <summary>The media type, such as <c>image/jpeg</c>; <c>application/octet-stream</c> where the bytes were not recognized.</summary>
    public string MediaType { get; }

    /// <summary>Where the image came from, for messages: a path, a URL, an id.</summary>
    public string? Source { get; init; }

    /// <summary>Computes the SHA-256 of the encoded bytes: the same for a copy under another name.</summary>
    /// <returns>64 characters of lower-case hexadecimal.</returns>
    /// <exception cref="InvalidImageException">As <see cref="Data"/>.</exception>
    public string ComputeSha256()
        => Convert.ToHexStringLower(File is null || Volatile.Read(ref _read) is not null ? SHA256.HashData(Data.Span) : File.Read(file => SHA256.HashData(file)));

    /// <summary>Holds encoded bytes whose media type is read from their first bytes.</summary>
    /// <param name="data">The encoded bytes; not copied, not empty.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <returns>The image.</returns>
    /// <exception cref="InvalidImageException"><paramref name="data"/> is empty.</exception>
    public static ImageData FromBytes(ReadOnlyMemory<byte> data, string? source = null)
        => new(data, SniffMediaType(data.Span)) { Source = source };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The path of the image file.</param>
    /// <param name="maxBytes">The largest file that is read.</param>
    /// <returns>The image; <see cref="Source"/> is the path.</returns>
    /// <exception cref="InvalidImageException">The file does not exist, cannot be read, is empty, or is larger than <paramref name="maxBytes"/>.</exception>
    public static ImageData FromFile(string path, long maxBytes = DecodeLimits.DefaultMaxBytes)
        => FromFile(path, maxBytes, _ => FromBytes(System.IO.File.ReadAllBytes(path), path));

    /// <summary>Opens a file, which is read only when it is decoded if it has more than 1 MiB: whoever holds many images holds none of these files.</summary>
    /// <param name="path">The path of the image file.</param>
    /// <param name="maxBytes">The largest file that is read.</param>
    /// <returns>The image; <see cref="Source"/> is the path. The file must be there, and not change, for as long as the image is used.</returns>
    /// <remarks>
    /// A change that keeps length and time is not seen.
    /// Where the rows of a picture are handed on, and it is a plain PNG of more than four million pixels, the file is never held as a whole.
    /// </remarks>
    /// <exception cref="InvalidImageException">The file does not exist, cannot be read, is empty, or is larger than <paramref name="maxBytes"/>.</exception>
    public static ImageData OpenFile(string path, long maxBytes = DecodeLimits.DefaultMaxBytes)
        => FromFile(path, maxBytes, file =>
        {
            if (!ImageFile.IsReadLater(file))
            {
                return FromBytes(System.IO.File.ReadAllBytes(path), path);
            }

            ImageFile opened = new(file, path);
            return new ImageData(opened, opened.ReadMediaType());
        });

    private static ImageData FromFile(string path, long maxBytes, Func<FileInfo, ImageData> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                throw new InvalidImageException(Directory.Exists(path)
                    ? $"'{path}' is a folder; expected an image file."
                    : $"The image file '{path}' does not exist. Check the path.");
            }

            // The length of a link is not that of the file. What a shell hands over as <(…) is a link to a pipe, which has no path.
            file = file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target : file;
            if (file.Length > maxBytes)
            {
                throw new InvalidImageException(
                    $"The image file '{path}' has {file.Length} bytes, more than the limit of {maxBytes}. "
                    + $"Raise {nameof(DecodeLimits)}.{nameof(DecodeLimits.MaxBytes)} (--max-bytes of the tool) or shrink the image.")
                {
                    IsOverLimit = true,
                };
            }

            if (file.Length == 0)
            {
                throw new InvalidImageException($"The image file '{path}' is empty; expected an encoded image such as JPEG or PNG.");
            }

            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"The image file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The media type of a picture whose first bytes are given.</summary>
    internal static string SniffMediaType(ReadOnlySpan<byte> data) => ImageFormat.Recognize(data)?.MediaType ?? "application/octet-stream";
}
