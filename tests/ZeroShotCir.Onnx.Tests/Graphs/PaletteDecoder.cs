using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Graphs;

/// <summary>Decodes one byte s as an image of the one colour (s, 2s, 3s).</summary>
internal sealed class PaletteDecoder : IImageDecoder
{
    /// <summary>A colour that takes longer.</summary>
    public int? SlowShade { get; init; }

    public string Name => "palette";

    public RgbImage Decode(ReadOnlySpan<byte> encoded, DecodeOptions options)
    {
        byte shade = encoded[0];
        if (shade == SlowShade)
        {
            Thread.SpinWait(500);
        }

        return new RgbImage(Enumerable.Range(0, 48).Select(i => (byte)(shade * ((i % 3) + 1))).ToArray(), 4, 4);
    }
}
