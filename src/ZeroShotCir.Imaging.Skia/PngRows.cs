using System.Buffers;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ZeroShotCir.Imaging.Skia;

/// <summary>
/// Rows of a PNG one after the other, which Skia gives as a whole only: of pictures of 8 bits a sample, without a palette, not
/// interlaced, and without any fault. All others are left to Skia, whose reading decides.
/// </summary>
internal static class PngRows
{
    private const int Rgb = 3;

    /// <summary>Rows that are handed on at once.</summary>
    private const int StripRows = 32;

    /// <summary>Sends the rows of a picture to a receiver.</summary>
    /// <param name="png">The encoded picture, which can be read from any place.</param>
    /// <param name="outline">What its chunks say.</param>
    /// <param name="orientation">How its rows lie.</param>
    /// <param name="receiver">Takes the rows.</param>
    /// <param name="memory">What the rows at hand are reserved of: those of a flat and wide picture are as large as the picture.</param>
    /// <returns>Whether all rows came; otherwise the receiver has to begin again.</returns>
    /// <exception cref="IOException">The picture cannot be read.</exception>
    public static bool TrySend(Stream png, PngOutline outline, ExifOrientation orientation, IImageRowReceiver receiver, DecodeMemory memory)
    {
        long twoRowsBytes = 2L * outline.Width * outline.Samples, stripBytes = (long)Math.Min(StripRows, outline.Height) * outline.Width * Rgb;
        if (Math.Max(twoRowsBytes, stripBytes) > Array.MaxLength)
        {
            return false;
        }

        int samples = outline.Samples, rowBytes = outline.Width * samples;
        using DecodeRoom room = memory.Reserve(twoRowsBytes + stripBytes);
        using IMemoryOwner<byte> rows = room.Rent((int)twoRowsBytes), strip = room.Rent((int)stripBytes);
        Span<byte> colors = strip.Memory.Span;
        try
        {
            using ZLibStream pixels = new(new PngDataStream(png, outline.Data), CompressionMode.Decompress);
            Span<byte> row = rows.Memory.Span[..rowBytes], above = rows.Memory.Span[rowBytes..];
            above.Clear();
            receiver.Begin(outline.Width, outline.Height, orientation);
            int held = 0;
            for (int y = 0; y < outline.Height; y++)
            {
                int filter = pixels.ReadByte();
                if (filter is < 0 or > 4 || pixels.ReadAtLeast(row, rowBytes, throwOnEndOfStream: false) < rowBytes)
                {
                    return false;
                }

                Unfilter(filter, row, above, samples);
                TakeColors(row, samples, colors.Slice(held * outline.Width * Rgb, outline.Width * Rgb));
                Span<byte> next = above;
                above = row;
                row = next;
                if (++held == StripRows || y == outline.Height - 1)
                {
                    receiver.Add(colors[..(held * outline.Width * Rgb)]);
                    held = 0;
                }
            }

            // Reading on finds pixels that are too many, and has zlib compare its checksum. One that was cut off goes unnoticed.
            return pixels.ReadByte() < 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int samples)
    {
        switch (filter)
        {
            case 1:
                for (int i = samples; i < row.Length; i++)
                {
                    row[i] += row[i - samples];
                }

                break;
            case 2:
                int vectors = row.Length - (row.Length % Vector<byte>.Count);
                for (int i = 0; i < vectors; i += Vector<byte>.Count)
                {
                    (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
                }

                for (int i = vectors; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < samples ? 0 : row[i - samples]) + above[i]) >> 1);
                }

                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                {
                    (int left, int corner) = i < samples ? (0, 0) : (row[i - samples], above[i - samples]);
                    int up = above[i];
                    int toLeft = Math.Abs(up - corner), toUp = Math.Abs(left - corner), toCorner = Math.Abs(left + up - (2 * corner));
                    row[i] += (byte)(toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeColors(ReadOnlySpan<byte> row, int samples, Span<byte> destination)
    {
        if (samples == Rgb)
        {
            row.CopyTo(destination);
            return;
        }

        // Gray, gray and alpha, or colours and alpha: without the alpha, of gray three times the same.
        (int green, int blue) = samples == 4 ? (1, 2) : (0, 0);
        for (int from = 0, to = 0; to < destination.Length; from += samples, to += Rgb)
        {
            destination[to] = row[from];
            destination[to + 1] = row[from + green];
            destination[to + 2] = row[from + blue];
        }
    }
}
