using System.Globalization;

namespace ZeroShotCir.Onnx.Templates;

/// <summary>Reads the expressions of a template. Not for concurrent use.</summary>
internal sealed class TemplateExpression
{
    private const int MostNested = 64;
    private readonly IReadOnlyList<TemplateToken> _tokens;
    private int _next;
    private int _nested;

    private TemplateExpression(IReadOnlyList<TemplateToken> tokens) => _tokens = tokens;

    /// <summary>Reads a whole expression.</summary>
    /// <exception cref="TemplateFault">It has something that is not understood here.</exception>
    public static Func<TemplateRun, object?> Read(string expression) => Read(TemplateToken.Read(expression));

    /// <summary>Reads a whole expression.</summary>
    public static Func<TemplateRun, object?> Read(IReadOnlyList<TemplateToken> tokens)
    {
        TemplateExpression reader = new(tokens);
        Func<TemplateRun, object?> value = reader.Choice();
        return reader._next == tokens.Count ? value : throw reader.Unexpected();
    }

    private Func<TemplateRun, object?> Choice()
    {
        if (++_nested > MostNested)
        {
            throw new TemplateFault($"more than {MostNested} expressions within each other");
        }

        Func<TemplateRun, object?> value = Or();
        if (Takes("if"))
        {
            Func<TemplateRun, object?> then = value;
            Func<TemplateRun, object?> condition = Or();
            Func<TemplateRun, object?> otherwise = Takes("else") ? Choice() : _ => null;
            value = run => TemplateValue.IsTrue(condition(run)) ? then(run) : otherwise(run);
        }

        _nested--;
        return value;
    }

    private Func<TemplateRun, object?> Or()
    {
        Func<TemplateRun, object?> value = And();
        while (Takes("or"))
        {
            (Func<TemplateRun, object?> a, Func<TemplateRun, object?> b) = (value, And());
            value = run => a(run) is var first && TemplateValue.IsTrue(first) ? first : b(run);
        }

        return value;
    }

    private Func<TemplateRun, object?> And()
    {
        Func<TemplateRun, object?> value = Not();
        while (Takes("and"))
        {
            (Func<TemplateRun, object?> a, Func<TemplateRun, object?> b) = (value, Not());
            value = run => a(run) is var first && TemplateValue.IsTrue(first) ? b(run) : first;
        }

        return value;
    }

    private Func<TemplateRun, object?> Not()
    {
        bool negated = false;
        while (Takes("not"))
        {
            negated = !negated;
        }

        Func<TemplateRun, object?> value = Comparison();
        return negated ? run => !TemplateValue.IsTrue(value(run)) : value;
    }

    private Func<TemplateRun, object?> Comparison()
    {
        int start = _next;
        Func<TemplateRun, object?> a = Sum();
        if (Takes("is"))
        {
            bool wanted = !Takes("not");
            string kind = Name();
            if (kind is "defined" or "undefined")
            {
                // A member that is not there is as undefined as a name that nobody gave.
                string? name = _next - start == (wanted ? 3 : 4) && _tokens[start].IsName ? _tokens[start].Text : null;
                bool expected = wanted == (kind == "defined");
                return run => (name is null ? a(run) is not null : run.Knows(name)) == expected;
            }

            return run => TemplateValue.Is(a(run), kind) == wanted;
        }

        if (Takes("==") || Takes("!="))
        {
            bool wanted = _tokens[_next - 1].Text == "==";
            Func<TemplateRun, object?> b = Sum();
            return run => TemplateValue.AreEqual(a(run), b(run)) == wanted;
        }

        bool isIn = Takes("in");
        if (isIn || (Peeks("not") && Takes("not") && (Takes("in") ? true : throw Unexpected())))
        {
            Func<TemplateRun, object?> many = Sum();
            return run => TemplateValue.Contains(many(run), a(run)) == isIn;
        }

        return a;
    }

    private Func<TemplateRun, object?> Sum()
    {
        Func<TemplateRun, object?> value = Postfix();
        while (Takes("+") || Takes("~"))
        {
            bool joins = _tokens[_next - 1].Text == "~";
            (Func<TemplateRun, object?> a, Func<TemplateRun, object?> b) = (value, Postfix());
            value = joins ? run => TemplateValue.Text(a(run)) + TemplateValue.Text(b(run)) : run => TemplateValue.Add(a(run), b(run));
        }

        return value;
    }

    private Func<TemplateRun, object?> Postfix()
    {
        Func<TemplateRun, object?> value = Primary();
        while (true)
        {
            Func<TemplateRun, object?> of = value;
            if (Takes("|"))
            {
                string filter = Name();
                value = run => TemplateValue.Apply(filter, of(run));
            }
            else if (Takes("["))
            {
                Func<TemplateRun, object?> key = Choice();
                Expect("]");
                value = run => TemplateValue.Member(of(run), key(run));
            }
            else if (Takes("."))
            {
                string name = Name();
                if (Takes("("))
                {
                    Expect(")");
                    value = run => TemplateValue.Apply(name, of(run));
                }
                else
                {
                    value = run => TemplateValue.Member(of(run), name);
                }
            }
            else
            {
                return value;
            }
        }
    }

    private Func<TemplateRun, object?> Primary()
    {
        if (_next == _tokens.Count)
        {
            throw Unexpected();
        }

        TemplateToken token = _tokens[_next++];
        if (token.IsText)
        {
            return _ => token.Text;
        }

        if (token.IsNumber)
        {
            long number = long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long read) ? read : throw new TemplateFault($"the number {token.Text}");
            return _ => number;
        }

        if (token.Text == "-" && _next < _tokens.Count && _tokens[_next].IsNumber)
        {
            Func<TemplateRun, object?> positive = Primary();
            return run => -(long)positive(run)!;
        }

        if (token.Text == "(")
        {
            Func<TemplateRun, object?> value = Choice();
            Expect(")");
            return value;
        }

        return token.Text switch
        {
            "true" or "True" => _ => true,
            "false" or "False" => _ => false,
            "none" or "None" => _ => null,
            _ when token.IsName && Peeks("(") => throw new TemplateFault($"the function '{token.Text}'"),
            _ when token.IsName => run => run[token.Text],
            _ => throw new TemplateFault($"'{token.Text}' where a value should stand"),
        };
    }

    private bool Peeks(string text) => _next < _tokens.Count && !_tokens[_next].IsText && _tokens[_next].Text == text;

    private bool Takes(string text)
    {
        bool takes = Peeks(text);
        _next += takes ? 1 : 0;
        return takes;
    }

    private void Expect(string text)
    {
        if (!Takes(text))
        {
            throw Unexpected();
        }
    }

    private string Name() => _next < _tokens.Count && _tokens[_next].IsName ? _tokens[_next++].Text : throw Unexpected();

    private TemplateFault Unexpected() => new(_next < _tokens.Count ? $"'{_tokens[_next].Text}' where it is not understood" : "an expression without an end");
}
