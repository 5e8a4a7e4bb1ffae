namespace ZeroShotCir.Onnx.Templates;

/// <summary>What a piece of a template is.</summary>
internal enum TemplateSegmentKind
{
    /// <summary>Text that stands as it is.</summary>
    Text,

    /// <summary>What is written: <c>{{ … }}</c>.</summary>
    Output,

    /// <summary>What decides about others: <c>{% … %}</c>.</summary>
    Statement,
}

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">The text, or what stands between the brackets.</param>
internal readonly record struct TemplateSegment(TemplateSegmentKind Kind, string Content)
{
    private const int BracketLength = 2;

    /// <summary>
    /// Cuts a template as transformers sets Jinja up: the line feed after a statement and the blanks before one that begins its line go
    /// (<c>trim_blocks</c>, <c>lstrip_blocks</c>), and a hyphen inside of brackets takes all white space beside them away.
    /// </summary>
    /// <exception cref="TemplateFault">A bracket is not closed.</exception>
    public static IReadOnlyList<TemplateSegment> Split(string template)
    {
        List<TemplateSegment> segments = [];
        int done = 0;
        bool dropsSpace = false;
        bool dropsLineFeed = false;
        while (true)
        {
            int open = NextBracket(template, done);
            string text = template[done..(open < 0 ? template.Length : open)];
            text = dropsSpace ? text.TrimStart() : dropsLineFeed && text.StartsWith('\n') ? text[1..] : text;
            if (open < 0)
            {
                Add(segments, TemplateSegmentKind.Text, text);
                return segments;
            }

            char kind = template[open + 1];
            string close = kind == '{' ? "}}" : $"{kind}}}";
            int end = EndOf(template, open + BracketLength, close, quotes: kind != '#');
            string inner = template[(open + BracketLength)..end];
            bool dropsBefore = inner.StartsWith('-');
            dropsSpace = inner.EndsWith('-');
            dropsLineFeed = kind != '{';
            Add(segments, TemplateSegmentKind.Text, dropsBefore ? text.TrimEnd() : kind != '{' ? WithoutIndent(text, segments.Count == 0) : text);
            if (kind != '#')
            {
                string content = inner[(dropsBefore ? 1 : 0)..^(dropsSpace && inner.Length > 1 ? 1 : 0)].Trim();
                Add(segments, kind == '{' ? TemplateSegmentKind.Output : TemplateSegmentKind.Statement, content);
            }

            done = end + BracketLength;
        }
    }

    private static void Add(List<TemplateSegment> segments, TemplateSegmentKind kind, string content)
    {
        if (kind != TemplateSegmentKind.Text || content.Length > 0)
        {
            segments.Add(new TemplateSegment(kind, content));
        }
    }

    private static int NextBracket(string template, int start)
    {
        for (int i = template.IndexOf('{', start); i >= 0 && i + 1 < template.Length; i = template.IndexOf('{', i + 1))
        {
            if (template[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }

    private static int EndOf(string template, int start, string close, bool quotes)
    {
        char quote = '\0';
        for (int i = start; i < template.Length - 1; i++)
        {
            char c = template[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (quotes && c is '\'' or '"')
            {
                quote = c;
            }
            else if (c == close[0] && template[i + 1] == close[1])
            {
                return i;
            }
        }

        throw new TemplateFault($"a bracket at character {start - BracketLength} that '{close}' does not close");
    }

    private static string WithoutIndent(string text, bool isFirst)
    {
        string bare = text.TrimEnd(' ', '\t');
        return bare.EndsWith('\n') || (bare.Length == 0 && isFirst) ? bare : text;
    }
}
