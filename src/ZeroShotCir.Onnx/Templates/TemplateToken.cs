using System.Text;

namespace ZeroShotCir.Onnx.Templates;

/// <summary>A word, text, number or sign of an expression.</summary>
/// <param name="Text">What it says; of a text without its quotes.</param>
/// <param name="IsText">Whether it stood between quotes.</param>
internal readonly record struct TemplateToken(string Text, bool IsText)
{
    private const int MostTokens = 256;
    private static readonly string[] LongSigns = ["==", "!=", "<=", ">=", "//", "**"];

    /// <summary>Whether it is a name or a keyword.</summary>
    public bool IsName => !IsText && (char.IsAsciiLetter(Text[0]) || Text[0] == '_');

    /// <summary>Whether it is a whole number.</summary>
    public bool IsNumber => !IsText && char.IsAsciiDigit(Text[0]);

    /// <summary>Reads an expression.</summary>
    /// <exception cref="TemplateFault">A text is not closed.</exception>
    public static IReadOnlyList<TemplateToken> Read(string expression)
    {
        List<TemplateToken> tokens = [];
        int i = 0;
        while (i < expression.Length)
        {
            char c = expression[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '\'' or '"')
            {
                tokens.Add(new TemplateToken(Quoted(expression, ref i), IsText: true));
            }
            else if (char.IsAsciiLetterOrDigit(c) || c == '_')
            {
                int start = i;
                while (i < expression.Length && (char.IsAsciiLetterOrDigit(expression[i]) || expression[i] == '_'))
                {
                    i++;
                }

                tokens.Add(new TemplateToken(expression[start..i], IsText: false));
            }
            else
            {
                int length = i + 1 < expression.Length && LongSigns.Contains(expression.Substring(i, 2)) ? 2 : 1;
                tokens.Add(new TemplateToken(expression.Substring(i, length), IsText: false));
                i += length;
            }
        }

        return tokens.Count <= MostTokens ? tokens : throw new TemplateFault($"an expression of more than {MostTokens} words and signs");
    }

    private static string Quoted(string expression, ref int i)
    {
        char quote = expression[i++];
        StringBuilder text = new();
        for (; i < expression.Length && expression[i] != quote; i++)
        {
            text.Append(expression[i] != '\\' || i + 1 == expression.Length ? expression[i] : expression[++i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                char other => other,
            });
        }

        return i++ < expression.Length ? text.ToString() : throw new TemplateFault($"the text {quote}{text} without an end");
    }
}
