using System.Reflection;
using System.Text.RegularExpressions;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Usage;

/// <summary>What the documentation and the help tell people to type is taken by the tool.</summary>
public sealed partial class DocumentedLinesTests
{
    private static readonly Assembly Tool = Assembly.LoadFrom(ToolProcess.Assembly);

    [Fact]
    public void Every_command_line_of_the_documentation_is_taken()
    {
        (string Where, string Line)[] lines =
            [.. Pages().SelectMany(page => LinesOf(File.ReadAllText(page)).Select(line => (Path.GetRelativePath(RepositoryPaths.Root, page), line)))];

        Assert.True(lines.Length >= 15, $"Only {lines.Length} command lines were found; the test does not see them.");
        AssertTaken(lines);
    }

    // A sentence names part of a command line, `cir search --open` or `--open` alone; what it leaves out is no mistake, a name that does not exist is one.
    [Fact]
    public void Every_command_and_option_that_a_sentence_names_exists()
    {
        HashSet<string> options = [.. Commands().SelectMany(OptionsOf)];
        List<string> wrong = [];
        int named = 0;
        foreach (string page in Pages())
        {
            foreach (string span in SpansOf(File.ReadAllText(page)))
            {
                named++;
                string? fault = span.StartsWith("cir ", StringComparison.Ordinal)
                    ? Invented(Refusal(span.Replace("…", "X", StringComparison.Ordinal)))
                    : span.Split(' ', ',', '=', '|')
                        .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2 && !options.Contains(word) && !Foreign.Contains(word))
                        .Select(word => $"No command has the option '{word}'.").FirstOrDefault();
                if (fault is not null)
                {
                    wrong.Add($"{Path.GetRelativePath(RepositoryPaths.Root, page)}: `{span}`: {fault}");
                }
            }
        }

        Assert.True(named >= 60, $"Only {named} were found.");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Every_example_of_the_help_is_taken()
    {
        (string Where, string Line)[] lines = [.. Commands()
            .SelectMany(command => ((string)command.GetType().GetProperty("Example")!.GetValue(command)!).Split('\n').Select(line => (command.GetType().Name, line)))];

        Assert.True(lines.Length >= 15, $"Only {lines.Length} examples were found.");
        AssertTaken(lines);
    }

    /// <summary>Making eighteen commands to run one is a good part of what a search takes.</summary>
    [Fact]
    public void A_line_that_begins_with_the_name_of_a_command_makes_that_one_alone()
    {
        string[] all = NamesOf(Create("Create"));
        Assert.Contains("search", all);
        foreach (string name in all)
        {
            Assert.Equal([name], NamesOf(Create("CreateFor", (object)new[] { name, "--help" })));
        }

        foreach (string[] line in (string[][])[[], ["--help"], ["--report", "search"], ["serch"], ["[suggest:8]", "cir sea"]])
        {
            Assert.Equal(all, NamesOf(Create("CreateFor", (object)line)));
        }
    }

    [Fact]
    public void A_line_that_is_not_taken_is_found()
    {
        Assert.Equal(["cir search gallery --imagge a.png"], LinesOf("a\n```\ncir search gallery \\\n  --imagge a.png # finds\n```\ncir in a sentence"));
        Assert.NotNull(Refusal("cir search gallery --imagge a.png"));
        Assert.Equal(["cir search --html FILE", "--open"], SpansOf("a `cir search --html FILE`, `--open`\n```\n`cir no`\n```\n`words`"));
        Assert.NotNull(Invented(Refusal("cir search --imagge")));
        Assert.NotNull(Invented(Refusal("cir serch gallery")));
        Assert.Null(Invented(Refusal("cir gallery export")));
        Assert.Equal(["a b", "c", "d e"], WordsOf("\"a b\" c 'd e'"));
    }

    // Options of other programs that the pages name.
    private static readonly string[] Foreign = ["--filter", "--help", "--index"];

    private static string[] Pages() =>
    [
        Path.Combine(RepositoryPaths.Root, "README.md"), .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(package => Path.Combine(package, "README.md")).Where(File.Exists),
        .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "benchmarks"), "*.md", SearchOption.AllDirectories),
    ];

    private static IEnumerable<object> Commands()
    {
        Type command = Tool.GetTypes().Single(type => type.Name == "ToolCommand");
        return Tool.GetTypes().Where(type => type.IsSubclassOf(command)).Select(type => Activator.CreateInstance(type)!);
    }

    private static IEnumerable<string> OptionsOf(object command)
        => ((System.Collections.IEnumerable)Property(command, "Options")).Cast<object>()
            .SelectMany(option => ((IEnumerable<string>)Property(option, "Aliases")).Append((string)Property(option, "Name")));

    private static object Property(object of, string name) => of.GetType().GetProperty(name)!.GetValue(of)!;

    // Of what a refusal says, only that something does not exist: a sentence need not name all that a command needs.
    private static string? Invented(string? refusal)
        => refusal is not null && (refusal.StartsWith("Unknown ", StringComparison.Ordinal) || refusal.Contains(" does not take ", StringComparison.Ordinal)) ? refusal : null;

    private static IEnumerable<string> SpansOf(string page)
        => Span().Matches(Fence().Replace(page.ReplaceLineEndings("\n"), "\n")).Select(span => span.Groups[1].Value)
            .Where(span => span.StartsWith("cir ", StringComparison.Ordinal) || span.StartsWith("--", StringComparison.Ordinal));

    private static void AssertTaken(IEnumerable<(string Where, string Line)> lines)
    {
        IEnumerable<string> refused = lines.Select(line => (line.Where, line.Line, Refusal: Refusal(line.Line))).Where(line => line.Refusal is not null)
            .Select(line => $"{line.Where}: {line.Line}: {line.Refusal}");
        Assert.True(!refused.Any(), string.Join(Environment.NewLine, refused));
    }

    private static string? Refusal(string line)
    {
        string[] words = WordsOf(line);
        Assert.Equal("cir", words[0]);
        string? refusal = RefusalBy("Create", words[1..]);
        Assert.Equal(refusal, RefusalBy("CreateFor", words[1..], (object)words[1..]));
        return refusal;
    }

    private static string? RefusalBy(string method, string[] words, params object[] arguments)
    {
        object tool = Create(method, arguments);
        return (string?)tool.GetType().GetMethod("Refusal", [typeof(IReadOnlyList<string>)])!.Invoke(tool, [words]);
    }

    private static object Create(string method, params object[] arguments)
        => Tool.GetTypes().Single(type => type.Name == "WholeTool").GetMethod(method)!.Invoke(null, arguments)!;

    private static string[] NamesOf(object tool)
        => [.. ((System.Collections.IEnumerable)Property(tool, "Named")).Cast<object>().Select(command => (string)Property(command, "Name"))];

    private static IEnumerable<string> LinesOf(string page)
        => Fence().Matches(page.ReplaceLineEndings("\n")).SelectMany(fence => Continued().Replace(fence.Groups[1].Value, " ").Split('\n'))
            .Select(line => Comment().Replace(line.Trim(), ""))
            .Where(line => line == "cir" || line.StartsWith("cir ", StringComparison.Ordinal));

    private static string[] WordsOf(string line)
        => [.. Word().Matches(line).Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Groups[2].Success ? word.Groups[2].Value : word.Value)];

    [GeneratedRegex(@"^ *```[^\n]*\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex Comment();

    [GeneratedRegex("""
        "([^"]*)"|'([^']*)'|[^\s"']+
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Word();
}
