using System.Buffers;
using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>Cleans texts as OpenAI's and OpenCLIP's programs do before they tokenize.</summary>
internal static class CleanText
{
    /// <summary>Letters, digits, punctuation and single spaces, which no cleaning but lower-casing touches when they are collapsed.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Where(code => code != '&').Select(code => (char)code)]);

    private static readonly SearchValues<char> Punctuation = SearchValues.Create("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>Cleans a text. A lone surrogate becomes U+FFFD, except by <see cref="TextCleaning.None"/>.</summary>
    public static string Clean(string text, TextCleaning cleaning) => cleaning switch
    {
        TextCleaning.None => text,
        TextCleaning.LowerCase => Lower(text),
        TextCleaning.Whitespace => PythonBlanks.Collapse(Basic(text)),
        TextCleaning.Lower => Lower(PythonBlanks.Collapse(Basic(text))),
        TextCleaning.Canonicalize => PythonBlanks.Collapse(Lower(WithoutPunctuation(Basic(text)))),
        _ => throw new ArgumentOutOfRangeException(nameof(cleaning), cleaning, "Unknown."),
    };

    /// <summary>Repairs, and unescapes character references twice.</summary>
    private static string Basic(string text) => text.AsSpan().ContainsAnyExcept(Plain)
        ? HtmlEntities.Unescape(HtmlEntities.Unescape(RepairedText.Repair(text)))
        : text;

    private static string Lower(string text) => Ascii.IsValid(text) ? text.ToLowerInvariant() : LowerCase.Convert(text);

    private static string WithoutPunctuation(string text)
    {
        if (!text.AsSpan().ContainsAny(Punctuation))
        {
            return text;
        }

        StringBuilder kept = new(text.Length);
        foreach (char c in text)
        {
            if (c == '_')
            {
                kept.Append(' ');
            }
            else if (!Punctuation.Contains(c))
            {
                kept.Append(c);
            }
        }

        return kept.ToString();
    }
}
