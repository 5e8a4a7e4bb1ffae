namespace ZeroShotCir.Imaging;

/// <summary>A decoder that can read some files while it decodes them.</summary>
internal interface IImageFileDecoder
{
    /// <summary>Decodes a file that is not held, if it can be read so, and hands its rows on as <see cref="IImageDecoder.DecodeRows"/> does.</summary>
    /// <param name="encoded">The file, which can be read from any place.</param>
    /// <param name="options">As there.</param>
    /// <param name="receiver">As there.</param>
    /// <returns>Whether all rows came; otherwise nothing is known of the file, and its bytes are to be decoded.</returns>
    /// <exception cref="InvalidImageException">The file is beyond the limits.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    bool TryDecodeRows(Stream encoded, DecodeOptions options, IImageRowReceiver receiver);
}
