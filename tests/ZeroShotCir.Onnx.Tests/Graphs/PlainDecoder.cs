using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>Decodes three bytes (shade, width, height) as an image of one colour, and counts how often it did.</summary>
internal sealed class PlainDecoder : IImageDecoder
{
    private int _count;

    public string Name => "plain";

    public int Count => _count;

    public static ImageData Image(byte shade, byte width, byte height) => new(new byte[] { shade, width, height }, "image/plain");

    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        Interlocked.Increment(ref _count);
        if (encoded[0] == 0)
        {
            throw new InvalidImageException("no shade");
        }

        byte shade = encoded[0];
        return new RgbImage(Enumerable.Range(0, 3 * encoded[1] * encoded[2]).Select(i => (byte)(shade * ((i % 3) + 1))).ToArray(), encoded[1], encoded[2]);
    }
}
