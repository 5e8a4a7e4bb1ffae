using System.Text;

namespace ZeroShotCir.Onnx.Tokenizers.Text;

/// <summary>What Python's text methods count as blanks, which the reference programs clean texts with.</summary>
internal static class PythonBlanks
{
    /// <summary>Python's blanks are Unicode's and the four separators below the space.</summary>
    public static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>Python's <c>strip</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        while (text is [var first, ..] && IsBlank(first))
        {
            text = text[1..];
        }

        while (text is [.., var last] && IsBlank(last))
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>One space for any blanks, none at the ends: Python's <c>" ".join(text.split())</c>.</summary>
    public static string Collapse(string text)
    {
        if (IsCollapsed(text))
        {
            return text;
        }

        StringBuilder collapsed = new(text.Length);
        bool blankBefore = true;
        foreach (char c in text)
        {
            bool isBlank = IsBlank(c);
            if (!isBlank)
            {
                collapsed.Append(blankBefore && collapsed.Length > 0 ? " " : string.Empty).Append(c);
            }

            blankBefore = isBlank;
        }

        return collapsed.ToString();
    }

    private static bool IsCollapsed(string text)
    {
        bool blankBefore = true;
        foreach (char c in text)
        {
            bool isBlank = IsBlank(c);
            if (isBlank && (blankBefore || c != ' '))
            {
                return false;
            }

            blankBefore = isBlank;
        }

        return text.Length == 0 || !blankBefore;
    }
}
