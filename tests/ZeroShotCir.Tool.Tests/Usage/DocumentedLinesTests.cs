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
        string[] pages = [Path.Combine(RepositoryPaths.Root, "README.md"), .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md", SearchOption.AllDirectories)];

        (string Where, string Line)[] lines = [.. pages.SelectMany(page => LinesOf(File.ReadAllText(page)).Select(line => (Path.GetRelativePath(RepositoryPaths.Root, page), line)))];

        Assert.True(lines.Length >= 15, $"Only {lines.Length} command lines were found; the test does not see them.");
        AssertTaken(lines);
    }

    [Fact]
    public void Every_example_of_the_help_is_taken()
    {
        Type command = Tool.GetTypes().Single(type => type.Name == "ToolCommand");
        (string Where, string Line)[] lines = [.. Tool.GetTypes().Where(type => type.IsSubclassOf(command))
            .SelectMany(type => ((string)command.GetProperty("Example")!.GetValue(Activator.CreateInstance(type))!).Split('\n').Select(line => (type.Name, line)))];

        Assert.True(lines.Length >= 15, $"Only {lines.Length} examples were found.");
        AssertTaken(lines);
    }

    [Fact]
    public void A_line_that_is_not_taken_is_found()
    {
        Assert.Equal(["cir search gallery --imagge a.png"], LinesOf("a\n```\ncir search gallery \\\n  --imagge a.png # finds\n```\ncir in a sentence"));
        Assert.NotNull(Refusal("cir search gallery --imagge a.png"));
        Assert.Equal(["a b", "c", "d e"], WordsOf("\"a b\" c 'd e'"));
    }

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
        object tool = Tool.GetTypes().Single(type => type.Name == "WholeTool").GetMethod("Create")!.Invoke(null, null)!;
        return (string?)tool.GetType().GetMethod("Refusal", [typeof(IReadOnlyList<string>)])!.Invoke(tool, [words[1..]]);
    }

    private static IEnumerable<string> LinesOf(string page)
        => Fence().Matches(page.ReplaceLineEndings("\n")).SelectMany(fence => Continued().Replace(fence.Groups[1].Value, " ").Split('\n'))
            .Select(line => Comment().Replace(line.Trim(), ""))
            .Where(line => line == "cir" || line.StartsWith("cir ", StringComparison.Ordinal));

    private static string[] WordsOf(string line) => [.. Word().Matches(line).Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Groups[2].Success ? word.Groups[2].Value : word.Value)];

    [GeneratedRegex(@"^ *```[^\n]*\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex Comment();

    [GeneratedRegex("""
        "([^"]*)"|'([^']*)'|[^\s"']+
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Word();
}
