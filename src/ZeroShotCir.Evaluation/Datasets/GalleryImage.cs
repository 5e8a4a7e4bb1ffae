using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>An image of a data set.</summary>
public sealed record GalleryImage
{
    /// <summary>Names an image.</summary>
    /// <param name="name">Its name, by which queries and captions refer to it.</param>
    /// <param name="path">Where its file lies; a file that need not exist, since users often have only a part of the images.</param>
    /// <param name="crop">The part of the picture that is the image; <see langword="null"/> for all of it.</param>
    public GalleryImage(string name, string path, ImageCrop? crop = null)
    {
        Name = name;
        Path = path;
        Crop = crop;
    }

    /// <summary>Its name, by which queries and captions refer to it.</summary>
    public string Name { get; init; }

    /// <summary>Where its file lies; a file that need not exist, since users often have only a part of the images.</summary>
    public string Path { get; init; }

    /// <summary>The part of the picture that is the image; <see langword="null"/> for all of it.</summary>
    public ImageCrop? Crop { get; init; }

    /// <summary>Where the bytes of the picture lie in its file.</summary>
    /// <value><see langword="null"/>, the default value, where the file is the picture.</value>
    public FilePart? Part { get; init; }

    /// <summary>Reads the picture, of which <see cref="Crop"/> is not cut out.</summary>
    /// <param name="maxBytes">The largest picture that is read.</param>
    /// <returns>The encoded picture.</returns>
    /// <exception cref="InvalidImageException">
    /// The file does not exist, cannot be read or was cut off, or the picture is empty or larger than <paramref name="maxBytes"/>.
    /// </exception>
    public ImageData Read(long maxBytes = DecodeLimits.DefaultMaxBytes)
    {
        if (Part is null)
        {
            return ImageData.FromFile(Path, maxBytes);
        }

        if (Part.Length > maxBytes)
        {
            throw new InvalidImageException(
                $"The picture '{Name}' in '{Path}' has {Part.Length} bytes, more than the limit of {maxBytes}. "
                + $"Raise {nameof(DecodeLimits)}.{nameof(DecodeLimits.MaxBytes)} (--max-bytes of the tool).")
            {
                IsOverLimit = true,
            };
        }

        byte[] bytes = new byte[Part.Length];
        try
        {
            using FileStream stream = new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            stream.Position = Part.Offset;
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"The picture '{Name}' cannot be read from '{Path}': {e.Message}", e);
        }

        return ImageData.FromBytes(bytes, $"{Path}: {Name}");
    }
}
