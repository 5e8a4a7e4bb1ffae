using System.Buffers;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers;

/// <summary>One token that is found in the text as it is written, before the text is split into words.</summary>
/// <param name="Content">The text that stands for the token.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether decoding leaves it out.</param>
/// <param name="Normalized">Whether it is looked for after normalization rather than in the raw text.</param>
/// <param name="SingleWord">Whether it must not touch a letter or digit.</param>
/// <param name="StripLeft">Whether it takes the blanks before it.</param>
/// <param name="StripRight">Whether it takes the blanks after it.</param>
internal sealed record AddedToken(
    string Content, int Id, bool Special = true, bool Normalized = false, bool SingleWord = false, bool StripLeft = false, bool StripRight = false);

/// <summary>Finds added tokens: the leftmost, and the longest among those that begin there.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly SearchValues<char> _first;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens
            .Where(token => token.Content.Length > 0)
            .GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _first = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>Whether no token can begin anywhere in a text: a quick test that most texts pass.</summary>
    public bool AreAbsentFrom(ReadOnlySpan<char> text) => !text.ContainsAny(_first);

    /// <summary>Finds the next token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="start">Where the text that the token takes begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>The token, or <see langword="null"/> when there is none any more.</returns>
    public AddedToken? Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start++)
        {
            int offset = text[start..].IndexOfAny(_first);
            if (offset < 0)
            {
                break;
            }

            start += offset;
            foreach (AddedToken token in _byFirst[text[start]])
            {
                end = start + token.Content.Length;
                if (!text[start..].StartsWith(token.Content, StringComparison.Ordinal) || (token.SingleWord && TouchesWord(text, start, end)))
                {
                    continue;
                }

                while (token.StripLeft && start > from && char.IsWhiteSpace(text[start - 1]))
                {
                    start--;
                }

                while (token.StripRight && end < text.Length && char.IsWhiteSpace(text[end]))
                {
                    end++;
                }

                return token;
            }
        }

        start = end = text.Length;
        return null;
    }

    private static bool TouchesWord(ReadOnlySpan<char> text, int start, int end)
    {
        Rune.DecodeLastFromUtf16(text[..start], out Rune before, out _);
        Rune.DecodeFromUtf16(text[end..], out Rune after, out _);
        return (start > 0 && (Rune.IsLetterOrDigit(before) || before.Value == '_'))
            || (end < text.Length && (Rune.IsLetterOrDigit(after) || after.Value == '_'));
    }
}
