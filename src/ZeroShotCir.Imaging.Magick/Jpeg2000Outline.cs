using System.Buffers.Binary;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>Finds the code stream of a JPEG 2000, and how many components it has.</summary>
internal static class Jpeg2000Outline
{
    /// <summary>From the start of a code stream: its two markers, then lengths, capabilities and eight numbers of the sizes.</summary>
    private const int ComponentsAt = 40;

    /// <summary>Whether there are two components, gray and alpha.</summary>
    public static bool IsGrayWithAlpha(ReadOnlySpan<byte> encoded)
        => CodeStreamOf(encoded) is { Length: >= ComponentsAt + 2 } stream && BinaryPrimitives.ReadUInt16BigEndian(stream[ComponentsAt..]) == 2;

    /// <summary>The file from its code stream on; nothing where there is none.</summary>
    public static ReadOnlySpan<byte> CodeStreamOf(ReadOnlySpan<byte> encoded)
        => encoded.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) is >= 0 and var start ? encoded[start..] : default;
}
