using System.Buffers.Binary;

namespace ZeroShotCir.Tests;

/// <summary>Files built as cameras build their raw files: directories with a thumbnail, previews as JPEG, and samples that are no picture.</summary>
internal sealed class RawFile(bool isLittleEndian)
{
    private readonly MemoryStream _bytes = new();

    /// <summary>A thumbnail and the orientation in the first directory, two previews and the samples below it; as NEF, ARW and DNG are.</summary>
    public byte[] WithPreviewsBelow(byte[] small, byte[] large, byte[] samples, int orientation, bool isDng)
    {
        Begin(42);
        uint thumbnail = Append(new byte[3 * 4 * 2]), smallAt = Append(small), largeAt = Append(large), samplesAt = Append(samples);
        uint first = Directory(0, (254, 4, 1), (259, 3, 7), (262, 3, 6), (273, 4, largeAt), (279, 4, (uint)large.Length));
        uint second = Directory(0, (259, 3, 6), (513, 4, smallAt), (514, 4, (uint)small.Length));
        uint third = Directory(0, (259, 3, 7), (262, 3, isDng ? 6u : 32803u), (273, 4, samplesAt), (279, 4, (uint)samples.Length));
        uint list = Append([.. Number(first), .. Number(second), .. Number(third)]);
        (ushort Tag, ushort Type, uint Value)[] tags =
        [
            (256, 4, 4), (257, 4, 2), (258, 3, 8), (259, 3, 1), (262, 3, 2), (273, 4, thumbnail),
            (274, 3, (uint)orientation), (277, 3, 3), (278, 4, 2), (279, 4, 24), (330, 4, list),
        ];
        return End(Directory(0, isDng ? [.. tags, (50706, 4, 0x01040000)] : tags));
    }

    /// <summary>The preview in the first directory, thumbnail and samples in those after it; as CR2 is.</summary>
    public byte[] WithPreviewFirst(byte[] small, byte[] large, byte[] samples)
    {
        Begin(42, [(byte)'C', (byte)'R', 2, 0, 0, 0, 0, 0]);
        uint smallAt = Append(small), largeAt = Append(large), samplesAt = Append(samples);
        uint last = Directory(0, (259, 3, 6), (273, 4, samplesAt), (279, 4, (uint)samples.Length));
        uint middle = Directory(last, (513, 4, smallAt), (514, 4, (uint)small.Length));
        return End(Directory(middle, (259, 3, 6), (273, 4, largeAt), (279, 4, (uint)large.Length)));
    }

    /// <summary>The preview as a value of the first directory; as RW2 is.</summary>
    public byte[] WithPreviewAsValue(byte[] large)
    {
        Begin('U');
        uint largeAt = Append(large);
        return End(Directory(0, (46, 7, largeAt)), (uint)large.Length);
    }

    /// <summary>The place of the preview in the header; as RAF is.</summary>
    public static byte[] WithPreviewInHeader(byte[] large)
    {
        byte[] file = [.. "FUJIFILMCCD-RAW "u8, .. new byte[84], .. large];
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(84), 100);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(88), (uint)large.Length);
        return file;
    }

    private void Begin(int version, params byte[] more)
        => Append([.. isLittleEndian ? "II"u8 : "MM"u8, .. Number((uint)version, 2), .. new byte[4], .. more]);

    private byte[] End(uint directory, uint? countOfOnly = null)
    {
        byte[] file = _bytes.ToArray();
        Number(directory).CopyTo(file, 4);
        if (countOfOnly is { } count)
        {
            Number(count).CopyTo(file, (int)directory + 6);
        }

        return file;
    }

    private uint Directory(uint next, params (ushort Tag, ushort Type, uint Value)[] tags)
    {
        List<byte> bytes = [.. Number((uint)tags.Length, 2)];
        foreach ((ushort tag, ushort type, uint value) in tags)
        {
            bytes.AddRange([.. Number(tag, 2), .. Number(type, 2), .. Number(tag == 330 ? 3u : 1), .. type == 3 ? [.. Number(value, 2), 0, 0] : Number(value)]);
        }

        return Append([.. bytes, .. Number(next)]);
    }

    private uint Append(byte[] bytes)
    {
        uint at = (uint)_bytes.Length;
        _bytes.Write(bytes);
        return at;
    }

    private byte[] Number(uint value, int bytes = 4)
    {
        byte[] number = [.. BitConverter.GetBytes(value).Take(bytes)];
        return isLittleEndian ? number : [.. number.Reverse()];
    }
}
