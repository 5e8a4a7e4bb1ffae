using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>
/// The printable character that stands for each byte in byte-level vocabularies (GPT-2's <c>bytes_to_unicode</c>):
/// printable Latin-1 stands for itself, the 68 other bytes follow from U+0100.
/// </summary>
internal static class ByteAlphabet
{
    private const int First = 0x100;
    private static readonly char[] Characters = BuildCharacters();
    private static readonly int[] Bytes = BuildBytes();

    public static char ToCharacter(byte value) => Characters[value];

    /// <summary>Appends the bytes that a token's characters stand for; a character outside the alphabet keeps its UTF-8 bytes.</summary>
    public static void AppendBytes(ReadOnlySpan<char> token, List<byte> bytes)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (Rune rune in token.EnumerateRunes())
        {
            int value = rune.Value < Bytes.Length ? Bytes[rune.Value] : -1;
            if (value >= 0)
            {
                bytes.Add((byte)value);
            }
            else
            {
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            }
        }
    }

    private static char[] BuildCharacters()
    {
        char[] characters = new char[256];
        char next = (char)First;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }

    private static int[] BuildBytes()
    {
        int[] bytes = new int[Characters.Max() + 1];
        Array.Fill(bytes, -1);
        for (int value = 0; value < 256; value++)
        {
            bytes[Characters[value]] = value;
        }

        return bytes;
    }
}
