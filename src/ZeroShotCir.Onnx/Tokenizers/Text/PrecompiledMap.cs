using System.Buffers.Binary;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>
/// SentencePiece's character map (<c>precompiled_charsmap</c>), by which for instance ① becomes 1: a trie in a double array
/// (Darts) that maps UTF-8 prefixes to texts. The longest prefix counts, as in SentencePiece; what has no mapping stays.
/// </summary>
/// <remarks>
/// Hugging Face's tokenizers, reading the same map, go by grapheme and take the shortest prefix; the two differ only on
/// sequences of combining characters that the map holds in part.
/// </remarks>
internal sealed class PrecompiledMap
{
    private readonly uint[] _units;
    private readonly byte[] _texts;

    /// <summary>Reads a map: the size of the trie, the trie, and the texts that it points to, each ended by a zero.</summary>
    /// <exception cref="InvalidDataException">The sizes do not fit the bytes.</exception>
    public PrecompiledMap(ReadOnlySpan<byte> bytes)
    {
        uint trieBytes = bytes.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (trieBytes % sizeof(uint) != 0 || trieBytes > bytes.Length - sizeof(uint))
        {
            throw new InvalidDataException($"its character map of {bytes.Length} bytes is truncated or is none");
        }

        _units = new uint[trieBytes / sizeof(uint)];
        for (int i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[((i + 1) * sizeof(uint))..]);
        }

        _texts = bytes[(sizeof(uint) + (int)trieBytes)..].ToArray();
    }

    /// <summary>Maps a text. A lone surrogate becomes U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">The most characters that it may become.</param>
    /// <exception cref="InvalidDataException">It becomes more.</exception>
    public string Apply(string text, int longest = int.MaxValue / 4)
    {
        byte[] source = Encoding.UTF8.GetBytes(text);
        List<byte> mapped = new(source.Length + 8);
        for (int position = 0; position < source.Length;)
        {
            int length = LongestPrefix(source.AsSpan(position), out int target);
            if (length > 0)
            {
                ReadOnlySpan<byte> replacement = _texts.AsSpan(target);
                int end = replacement.IndexOf((byte)0);
                mapped.AddRange(end < 0 ? replacement : replacement[..end]);
            }
            else
            {
                Rune.DecodeFromUtf8(source.AsSpan(position), out _, out length);
                mapped.AddRange(source.AsSpan(position, length));
            }

            position += length;
            if (mapped.Count > 4L * longest)
            {
                throw new InvalidDataException($"its character map makes more than {longest} characters of a text");
            }
        }

        return Encoding.UTF8.GetString([.. mapped]);
    }

    private int LongestPrefix(ReadOnlySpan<byte> bytes, out int target)
    {
        target = 0;
        int longest = 0;
        uint node = 0;
        for (int i = 0; i < bytes.Length && bytes[i] != 0 && node < _units.Length; i++)
        {
            uint child = node ^ Offset(_units[node]) ^ bytes[i];
            if (child >= _units.Length || Label(_units[child]) != bytes[i])
            {
                break;
            }

            node = child;
            uint leaf = node ^ Offset(_units[node]);
            if (HasLeaf(_units[node]) && leaf < _units.Length && Value(_units[leaf]) <= _texts.Length)
            {
                (longest, target) = (i + 1, Value(_units[leaf]));
            }
        }

        return longest;
    }

    private static bool HasLeaf(uint unit) => ((unit >> 8) & 1) != 0;

    private static int Value(uint unit) => (int)(unit & 0x7FFF_FFFF);

    private static uint Label(uint unit) => unit & 0x8000_00FF;

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
