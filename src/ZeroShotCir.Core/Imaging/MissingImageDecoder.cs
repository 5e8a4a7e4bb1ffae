namespace ZeroShotCir.Imaging;

/// <summary>Stands where no decoder is registered, so that what never meets a picture works and what does says what is missing.</summary>
internal sealed class MissingImageDecoder : IImageDecoder
{
    public string Name => "none";

    /// <exception cref="InvalidOperationException">Always.</exception>
    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options) => throw new InvalidOperationException(
        "No image decoder is registered, so pictures cannot be read. "
        + "Add the package ZeroShotCir.Imaging.Skia and call UseSkiaDecoder() after AddZeroShotCir(), or register an IImageDecoder.");
}
