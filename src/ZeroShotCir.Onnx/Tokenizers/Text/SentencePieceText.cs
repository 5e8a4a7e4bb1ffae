using System.Text;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>How a SentencePiece model normalizes text.</summary>
/// <param name="Map">Its character map; <see langword="null"/> for none.</param>
/// <param name="AddsBlank">Whether a blank is put before the text (<c>add_dummy_prefix</c>).</param>
/// <param name="CollapsesBlanks">Whether blanks at the ends and repeated ones go (<c>remove_extra_whitespaces</c>).</param>
/// <param name="EscapesBlanks">Whether blanks become ▁.</param>
internal sealed partial record SentencePieceText(PrecompiledMap? Map, bool AddsBlank, bool CollapsesBlanks, bool EscapesBlanks)
{
    public string Normalize(string text)
    {
        text = Map?.Apply(text) ?? text;
        text = CollapsesBlanks ? Blanks().Replace(text.Trim(' '), " ") : text;
        text = AddsBlank && text.Length > 0 ? " " + text : text;
        return EscapesBlanks ? text.Replace(' ', TokenText.Metaspace) : text;
    }

    /// <summary>What SigLIP does before: no ASCII punctuation, one space for any blanks, none at the ends.</summary>
    public static string WithoutPunctuation(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (char c in text)
        {
            if (!char.IsAscii(c) || !(char.IsPunctuation(c) || char.IsSymbol(c)))
            {
                kept.Append(c);
            }
        }

        return AnyBlanks().Replace(kept.ToString(), " ").Trim();
    }

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex AnyBlanks();
}
