using System.Buffers.Binary;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>The first frame of a GIF as Pillow's <c>convert("RGB")</c> gives it, which composes nothing: transparent pixels keep the color of their palette entry.</summary>
internal sealed class GifFrame
{
    private const int PaletteBytes = 3 * 256;
    private readonly byte[] _palette = new byte[PaletteBytes];
    private int? _transparent;
    private int _left, _top, _frameWidth, _frameHeight;
    private bool _isInterlaced;
    private int _data;

    // Without any palette an index is a shade of gray.
    private GifFrame()
    {
        for (int i = 0; i < PaletteBytes; i++)
        {
            _palette[i] = (byte)(i / 3);
        }
    }

    /// <summary>The columns of the canvas, which grows where the frame exceeds it.</summary>
    public int Width { get; private set; }

    /// <summary>The rows of the canvas.</summary>
    public int Height { get; private set; }

    /// <summary>Reads everything up to the pixels.</summary>
    /// <returns>The frame; <see langword="null"/> where the bytes are not a GIF or end before its first frame.</returns>
    public static GifFrame? Read(ReadOnlySpan<byte> gif)
    {
        GifFrame frame = new();
        return frame.ReadHeader(gif) ? frame : null;
    }

    /// <summary>Writes the canvas.</summary>
    /// <param name="gif">The bytes that the frame was read from.</param>
    /// <param name="codes">Width × height bytes to work in.</param>
    /// <param name="indices">As many again.</param>
    /// <param name="rgb">Width × height × 3 bytes.</param>
    /// <returns>Whether all pixels of the frame were there.</returns>
    public bool Decode(ReadOnlySpan<byte> gif, Span<byte> codes, Span<byte> indices, Span<byte> rgb)
    {
        indices.Fill((byte)(_transparent ?? 0));
        int size = _frameWidth * _frameHeight;
        if (GifCodes.Decode(gif[_data..], codes[..size]) < size)
        {
            return false;
        }

        for (int row = 0, y = 0, pass = 0; row < _frameHeight; row++)
        {
            codes.Slice(row * _frameWidth, _frameWidth).CopyTo(indices[(((_top + y) * Width) + _left)..]);
            y = _isInterlaced ? NextRow(y, ref pass) : y + 1;
        }

        for (int i = 0; i < indices.Length; i++)
        {
            _palette.AsSpan(indices[i] * 3, 3).CopyTo(rgb[(i * 3)..]);
        }

        return true;
    }

    /// <summary>Every eighth row, those in their middle, those between, the rest.</summary>
    private int NextRow(int y, ref int pass)
    {
        ReadOnlySpan<byte> steps = [8, 8, 4, 2];
        ReadOnlySpan<byte> starts = [0, 4, 2, 1];
        y += steps[pass];
        while (y >= _frameHeight && pass < 3)
        {
            y = starts[++pass];
        }

        return y;
    }

    private bool ReadHeader(ReadOnlySpan<byte> gif)
    {
        const int ScreenBytes = 13;
        if (gif.Length < ScreenBytes || !(gif.StartsWith("GIF87a"u8) || gif.StartsWith("GIF89a"u8)))
        {
            return false;
        }

        (Width, Height) = (BinaryPrimitives.ReadUInt16LittleEndian(gif[6..]), BinaryPrimitives.ReadUInt16LittleEndian(gif[8..]));
        int position = ScreenBytes;
        if (!ReadPalette(gif, gif[10], ref position))
        {
            return false;
        }

        while (position < gif.Length)
        {
            switch (gif[position++])
            {
                case (byte)'!':
                    ReadExtension(gif, ref position);
                    break;
                case (byte)',':
                    return ReadDescriptor(gif, position);
                case (byte)';':
                    return false;
            }
        }

        return false;
    }

    private bool ReadPalette(ReadOnlySpan<byte> gif, byte flags, ref int position)
    {
        if ((flags & 0x80) == 0)
        {
            return true;
        }

        int bytes = 3 << ((flags & 7) + 1);
        if (gif.Length - position < bytes)
        {
            return false;
        }

        _palette.AsSpan().Clear();
        gif.Slice(position, bytes).CopyTo(_palette);
        position += bytes;
        return true;
    }

    private void ReadExtension(ReadOnlySpan<byte> gif, ref int position)
    {
        const byte GraphicControl = 0xF9;
        if (position >= gif.Length)
        {
            return;
        }

        byte label = gif[position++];
        while (position < gif.Length && gif[position] is > 0 and var length)
        {
            ReadOnlySpan<byte> block = gif[(position + 1)..];
            if (label == GraphicControl && length >= 4 && block.Length >= 4 && (block[0] & 1) != 0)
            {
                _transparent = block[3];
            }

            position += 1 + length;
        }

        position++;
    }

    private bool ReadDescriptor(ReadOnlySpan<byte> gif, int position)
    {
        const int DescriptorBytes = 9;
        if (gif.Length - position < DescriptorBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> descriptor = gif.Slice(position, DescriptorBytes);
        (_left, _top) = (BinaryPrimitives.ReadUInt16LittleEndian(descriptor), BinaryPrimitives.ReadUInt16LittleEndian(descriptor[2..]));
        (_frameWidth, _frameHeight) = (BinaryPrimitives.ReadUInt16LittleEndian(descriptor[4..]), BinaryPrimitives.ReadUInt16LittleEndian(descriptor[6..]));
        (Width, Height) = (Math.Max(Width, _left + _frameWidth), Math.Max(Height, _top + _frameHeight));
        _isInterlaced = (descriptor[8] & 0x40) != 0;
        _data = position + DescriptorBytes;
        return Width > 0 && Height > 0 && ReadPalette(gif, descriptor[8], ref _data);
    }
}
