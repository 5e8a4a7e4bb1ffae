using System.Buffers.Binary;

namespace ZeroShotCir.Imaging;

/// <summary>The bytes by which files of the known formats begin.</summary>
internal static class ImageSignature
{
    /// <summary>The format that a head begins as, or <see langword="null"/>.</summary>
    public static ImageFormat? Read(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => ImageFormat.Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ImageFormat.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'B', (byte)'M', ..] when IsBitmap(head) => ImageFormat.Bmp,
        [(byte)'I', (byte)'I', 42, 0, _, _, _, _, (byte)'C', (byte)'R', ..] => ImageFormat.CameraRaw,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        [0xFF, 0x4F, 0xFF, 0x51, ..] => ImageFormat.Jpeg2000,
        [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' ', 13, 10, 0x87, 10, ..] => ImageFormat.Jpeg2000,
        [0xFF, 0x0A, ..] => ImageFormat.JpegXl,
        [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 13, 10, 0x87, 10, ..] => ImageFormat.JpegXl,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ReadBrands(head),
        [(byte)'P', >= (byte)'1' and <= (byte)'6', ..] when IsAnymap(head) => ImageFormat.Pnm,
        [(byte)'P', (byte)'7', (byte)'\n', ..] => ImageFormat.Pnm,
        _ => IsCameraRaw(head) ? ImageFormat.CameraRaw : null,
    };

    /// <summary>Two letters are too few to tell a bitmap from a text: the size of its second header is one of those in use.</summary>
    private static bool IsBitmap(ReadOnlySpan<byte> head)
        => head.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(head[14..]) is 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124;

    /// <summary>Both dimensions follow the two letters, after blanks and comments.</summary>
    private static bool IsAnymap(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> rest = head[2..];
        return SkipNumber(ref rest) && SkipNumber(ref rest);
    }

    private static bool SkipNumber(ref ReadOnlySpan<byte> rest)
    {
        bool separated = false;
        while (rest is [(byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#', ..])
        {
            separated = true;
            rest = rest[0] == (byte)'#' && rest.IndexOfAny((byte)'\r', (byte)'\n') is int end ? rest[(end < 0 ? rest.Length : end)..] : rest[1..];
        }

        int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length : digits;
        rest = rest[digits..];
        return separated && digits is > 0 and < 10;
    }

    /// <summary>The first box of an ISO base media file names a major brand, a version and compatible brands; the general brands say too little.</summary>
    private static ImageFormat? ReadBrands(ReadOnlySpan<byte> head)
    {
        int length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(head), (uint)head.Length);
        bool heif = false;
        for (int position = 8; position + 4 <= length; position += position == 8 ? 8 : 4)
        {
            switch (head.Slice(position, 4))
            {
                case [(byte)'a', (byte)'v', (byte)'i', (byte)'f' or (byte)'s']:
                    return ImageFormat.Avif;
                case [(byte)'h', (byte)'e', (byte)'i' or (byte)'v', (byte)'c' or (byte)'x' or (byte)'m' or (byte)'s']:
                    return ImageFormat.Heic;
                case [(byte)'c', (byte)'r', (byte)'x', (byte)' ']:
                    return ImageFormat.CameraRaw;
                case [(byte)'m', (byte)'i' or (byte)'s', (byte)'f', (byte)'1' or (byte)'2']:
                    heif = true;
                    break;
            }
        }

        return heif ? ImageFormat.Heic : null;
    }

    private static bool IsCameraRaw(ReadOnlySpan<byte> head)
        => head.StartsWith("FUJIFILMCCD-RAW "u8)
            || head is [(byte)'I', (byte)'I', (byte)'R', (byte)'O' or (byte)'S', ..] or [(byte)'M', (byte)'M', (byte)'O', (byte)'R', ..]
            || head is [(byte)'I', (byte)'I', (byte)'U', 0, ..]
            || head is [(byte)'I', (byte)'I', _, _, _, _, (byte)'H', (byte)'E', (byte)'A', (byte)'P', (byte)'C', (byte)'C', (byte)'D', (byte)'R', ..]
            || head is [0, (byte)'M', (byte)'R', (byte)'M', ..] or [(byte)'F', (byte)'O', (byte)'V', (byte)'b', ..];
}
