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
}
