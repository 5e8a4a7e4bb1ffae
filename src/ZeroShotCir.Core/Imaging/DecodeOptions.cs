namespace ZeroShotCir.Imaging;

/// <summary>How encoded bytes become pixels.</summary>
/// <remarks>Serves concurrent readers; not to be changed while an image is being decoded. Encoders and captioners take a copy when they are made.</remarks>
public sealed class DecodeOptions
{
    /// <summary>The defaults.</summary>
    public DecodeOptions()
    {
    }

    /// <summary>A copy, which later changes of the original do not reach.</summary>
    /// <param name="other">The options to copy.</param>
    public DecodeOptions(DecodeOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Limits = other.Limits;
        Orientation = other.Orientation;
        Resolution = other.Resolution;
        Memory = other.Memory;
    }

    /// <summary>What is refused before memory for pixels is allocated.</summary>
    /// <value>The default value is <see cref="DecodeLimits.Default"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public DecodeLimits Limits
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = DecodeLimits.Default;

    /// <summary>Whether the picture is turned upright.</summary>
    /// <value>The default value is <see cref="ImageOrientation.Apply"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the two.</exception>
    public ImageOrientation Orientation
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected Apply or Ignore.");
    }

    /// <summary>Whether pictures that are resized while they are decoded are decoded smaller where their format can be.</summary>
    /// <value>The default value is <see cref="ImageResolution.Full"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the two.</exception>
    public ImageResolution Resolution
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected Full or Reduced.");
    }

    /// <summary>What decoded pixels may take at once; decoding waits until its picture fits.</summary>
    /// <value>The default value is <see cref="DecodeMemory.Shared"/>, the budget of the whole process.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public DecodeMemory Memory
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    }
    = DecodeMemory.Shared;
}
