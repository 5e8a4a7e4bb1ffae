namespace ZeroShotCir.Onnx.Templates;

/// <summary>
/// A chat template, in as much of Jinja as templates of captioners have: <c>for</c>, <c>if</c>, <c>set</c>, members, comparisons, sums and
/// the filters of texts. It is rendered only to see whether a folder asks for another prompt than its family was built in with.
/// </summary>
internal sealed class ChatTemplate
{
    private const int MostNested = 32;
    private readonly IReadOnlyList<TemplateSegment> _segments;
    private readonly Action<TemplateRun> _whole;
    private int _next;
    private int _nested;

    private ChatTemplate(string template)
    {
        _segments = TemplateSegment.Split(template);
        _whole = Block();
        if (_next < _segments.Count)
        {
            throw new TemplateFault($"'{_segments[_next].Content}' without a beginning");
        }
    }

    /// <summary>Renders a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="names">What it may ask for.</param>
    /// <exception cref="TemplateFault">It has something that is not understood here.</exception>
    public static string Render(string template, IReadOnlyDictionary<string, object?> names)
    {
        TemplateRun run = new(names);
        new ChatTemplate(template)._whole(run);
        return run.Output.ToString();
    }

    /// <summary>Everything up to a statement that ends or divides the block around it, which is left to whoever began that block.</summary>
    private Action<TemplateRun> Block()
    {
        if (++_nested > MostNested)
        {
            throw new TemplateFault($"more than {MostNested} blocks within each other");
        }

        List<Action<TemplateRun>> parts = [];
        while (_next < _segments.Count)
        {
            TemplateSegment segment = _segments[_next];
            if (segment.Kind == TemplateSegmentKind.Statement && Keyword(segment) is "endfor" or "endif" or "else" or "elif")
            {
                break;
            }

            _next++;
            parts.Add(segment.Kind switch
            {
                TemplateSegmentKind.Text => run => run.Output.Append(segment.Content),
                TemplateSegmentKind.Output => Written(TemplateExpression.Read(segment.Content)),
                _ => Statement(segment),
            });
        }

        _nested--;
        return run =>
        {
            foreach (Action<TemplateRun> part in parts)
            {
                run.Step();
                part(run);
            }
        };
    }

    private static Action<TemplateRun> Written(Func<TemplateRun, object?> value) => run => run.Output.Append(TemplateValue.Text(value(run)));

    private Action<TemplateRun> Statement(TemplateSegment segment)
    {
        IReadOnlyList<TemplateToken> tokens = TemplateToken.Read(segment.Content);
        return Keyword(segment) switch
        {
            "for" when tokens is [_, { IsName: true } name, { Text: "in", IsText: false }, ..] => Loop(name.Text, TemplateExpression.Read([.. tokens.Skip(3)])),
            "if" => Condition(TemplateExpression.Read([.. tokens.Skip(1)])),
            "set" when tokens is [_, { IsName: true } name, { Text: "=", IsText: false }, ..] => Assignment(name.Text, TemplateExpression.Read([.. tokens.Skip(3)])),
            _ => throw new TemplateFault($"the statement '{segment.Content}'"),
        };
    }

    private static Action<TemplateRun> Assignment(string name, Func<TemplateRun, object?> value) => run => run[name] = value(run);

    private Action<TemplateRun> Condition(Func<TemplateRun, object?> condition, int branches = 1)
    {
        if (branches > MostNested)
        {
            throw new TemplateFault($"an 'if' of more than {MostNested} branches");
        }

        Action<TemplateRun> then = Block();
        Action<TemplateRun>? otherwise = null;
        IReadOnlyList<TemplateToken> divider = Divider("endif");
        if (divider[0].Text == "elif")
        {
            // What follows is an 'if' of its own, up to the same end.
            otherwise = Condition(TemplateExpression.Read([.. divider.Skip(1)]), branches + 1);
        }
        else if (divider[0].Text == "else")
        {
            otherwise = Block();
            if (Divider("endif")[0].Text != "endif")
            {
                throw new TemplateFault("an 'if' that goes on after its 'else'");
            }
        }

        return run =>
        {
            if (TemplateValue.IsTrue(condition(run)))
            {
                then(run);
            }
            else
            {
                otherwise?.Invoke(run);
            }
        };
    }

    private Action<TemplateRun> Loop(string name, Func<TemplateRun, object?> items)
    {
        Action<TemplateRun> body = Block();
        if (Divider("endfor")[0].Text != "endfor")
        {
            throw new TemplateFault("a 'for' with an 'else'");
        }

        return run =>
        {
            if (items(run) is not IReadOnlyList<object?> list)
            {
                throw new TemplateFault($"the loop of '{name}' over what is no list");
            }

            for (int i = 0; i < list.Count; i++)
            {
                run.Step();
                using IDisposable scope = run.BeginScope();
                run[name] = list[i];
                run["loop"] = new Dictionary<string, object?>
                {
                    ["index"] = i + 1L,
                    ["index0"] = (long)i,
                    ["first"] = i == 0,
                    ["last"] = i == list.Count - 1,
                    ["length"] = (long)list.Count,
                };
                body(run);
            }
        };
    }

    private IReadOnlyList<TemplateToken> Divider(string end)
    {
        if (_next == _segments.Count)
        {
            throw new TemplateFault($"a block without '{end}'");
        }

        IReadOnlyList<TemplateToken> tokens = TemplateToken.Read(_segments[_next++].Content);
        return tokens[0].Text == end || (end == "endif" && tokens[0].Text is "else" or "elif")
            ? tokens
            : throw new TemplateFault($"'{tokens[0].Text}' where '{end}' should stand");
    }

    private static string Keyword(TemplateSegment segment) => segment.Content.Split([' ', '\t', '\n', '('], 2)[0];
}
