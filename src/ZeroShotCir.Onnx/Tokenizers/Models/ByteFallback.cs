using System.Globalization;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Models;

/// <summary>Spells what the vocabulary lacks as UTF-8 bytes, each a token <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal sealed class ByteFallback
{
    private const int None = -1;
    private readonly int[] _ids = new int[256];

    private ByteFallback()
    {
    }

    /// <summary>
    /// The fallback of a vocabulary; <see langword="null"/> for one without byte tokens. Vocabularies may lack those of
    /// bytes that are tokens themselves, as Gemma's lacks the tab.
    /// </summary>
    public static ByteFallback? Find(Vocabulary vocabulary)
    {
        ByteFallback fallback = new();
        for (int value = 0; value < 256; value++)
        {
            bool known = vocabulary.TryGetId(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), out int id);
            fallback._ids[value] = known ? id : None;
        }

        return fallback._ids.Any(id => id != None) ? fallback : null;
    }

    /// <summary>The byte that a token stands for, if it stands for one.</summary>
    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Writes the ids of one code point.</summary>
    /// <param name="rune">The code point.</param>
    /// <param name="ids">At least four long.</param>
    /// <param name="count">How many ids it takes.</param>
    /// <returns>Whether each of its bytes has a token.</returns>
    public bool TryEncode(Rune rune, Span<int> ids, out int count)
    {
        Span<byte> utf8 = stackalloc byte[4];
        count = rune.EncodeToUtf8(utf8);
        for (int i = 0; i < count; i++)
        {
            ids[i] = _ids[utf8[i]];
        }

        return !ids[..count].Contains(None);
    }

    /// <summary>Writes the ids of a text, unless one of its bytes has no token.</summary>
    public bool TryEncode(scoped ReadOnlySpan<char> text, ref TokenWriter writer)
    {
        Span<int> ids = stackalloc int[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!TryEncode(rune, ids, out _))
            {
                return false;
            }
        }

        foreach (Rune rune in text.EnumerateRunes())
        {
            TryEncode(rune, ids, out int count);
            writer.Add(ids[..count]);
        }

        return true;
    }
}
