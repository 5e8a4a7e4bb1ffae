namespace ZeroShotCir.Imaging;

/// <summary>What a decoder refuses before it allocates memory for the pixels.</summary>
public sealed record DecodeLimits
{
    internal const long DefaultMaxBytes = 256L << 20;
    internal const long DefaultMaxPixels = 100_000_000;
    private readonly long _maxBytes = DefaultMaxBytes;
    private readonly long _maxPixels = DefaultMaxPixels;

    /// <summary>The default limits.</summary>
    public static DecodeLimits Default { get; } = new();

    /// <summary>The largest encoded image.</summary>
    /// <value>In bytes, at least 1. The default value is 256 MiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxBytes
    {
        get => _maxBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxBytes = value;
        }
    }

    /// <summary>The largest decoded image.</summary>
    /// <value>Width × height, at least 1. The default value is 100 million.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxPixels
    {
        get => _maxPixels;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxPixels = value;
        }
    }

    /// <summary>Refuses an encoded image that is too long.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <exception cref="InvalidImageException">It exceeds <see cref="MaxBytes"/>.</exception>
    public void ThrowIfTooLong(long bytes)
    {
        if (bytes > MaxBytes)
        {
            throw new InvalidImageException(
                $"The image has {bytes} encoded bytes, more than the limit of {MaxBytes}. "
                + $"Raise {nameof(DecodeLimits)}.{nameof(MaxBytes)} (--max-bytes of the tool) or shrink the image.")
            {
                IsOverLimit = true,
            };
        }
    }

    /// <summary>Refuses an image that is too large, or larger than one image can be held.</summary>
    /// <param name="width">In pixels, as a header says before anything is decoded.</param>
    /// <param name="height">In pixels.</param>
    /// <exception cref="InvalidImageException">It exceeds <see cref="MaxPixels"/>, has no pixels, or more than 2 GB of them.</exception>
    public void ThrowIfTooLarge(long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw new InvalidImageException($"The image has {width} × {height} pixels; expected at least one.");
        }

        if (width > MaxPixels / height)
        {
            throw new InvalidImageException(
                $"The image has {width} × {height} pixels, more than the limit of {MaxPixels}. "
                + $"Raise {nameof(DecodeLimits)}.{nameof(MaxPixels)} (--max-pixels of the tool) or shrink the image.")
            {
                IsOverLimit = true,
            };
        }

        if (width * height > Array.MaxLength / 3)
        {
            throw new InvalidImageException($"The image has {width} × {height} pixels, which take more than 2 GB. Shrink the image.");
        }
    }
}
