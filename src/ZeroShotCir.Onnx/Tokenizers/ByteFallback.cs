using System.Globalization;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>Spells what the vocabulary lacks as UTF-8 bytes, each a token <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal sealed class ByteFallback
{
    private readonly int[] _ids = new int[256];

    private ByteFallback()
    {
    }

    /// <summary>The fallback of a vocabulary; <see langword="null"/> for one that does not hold all the byte tokens.</summary>
    public static ByteFallback? Find(Vocabulary vocabulary)
    {
        ByteFallback fallback = new();
        for (int value = 0; value < 256; value++)
        {
            if (!vocabulary.TryGetId(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), out fallback._ids[value]))
            {
                return null;
            }
        }

        return fallback;
    }

    /// <summary>The byte that a token stands for, if it stands for one.</summary>
    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    public void Encode(scoped ReadOnlySpan<char> text, ref TokenWriter writer)
    {
        Span<int> ids = stackalloc int[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            writer.Add(ids[..Encode(rune, ids)]);
        }
    }

    /// <summary>Writes the ids of one code point and tells their number.</summary>
    public int Encode(Rune rune, Span<int> ids)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int length = rune.EncodeToUtf8(utf8);
        for (int i = 0; i < length; i++)
        {
            ids[i] = _ids[utf8[i]];
        }

        return length;
    }
}
