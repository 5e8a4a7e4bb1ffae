using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests.Pages;

public partial class TroubleshootingTests
{
    // How far the parts of one message may lie from each other in the source: what fills its gaps stands between them.
    private const int FarthestPart = 600;

    private static readonly string[] Sources =
    [
        .. Package.AllAndTool.SelectMany(package => package.SourceFiles).Append(Path.Combine(RepositoryPaths.Root, "src", "ZeroShotCir", "buildTransitive", "ZeroShotCir.targets"))
            .Select(file => Joined().Replace(File.ReadAllText(file), "")),
    ];

    [Fact]
    public void Every_message_of_the_page_is_a_message_of_the_source()
    {
        string[] messages = [.. Row().Matches(Page.Named("docs/troubleshooting.md").Text).Select(row => row.Groups[1].Value)];

        Assert.True(messages.Length >= 40, $"Only {messages.Length} messages were found.");
        IEnumerable<string> unknown = messages.Where(message => !Sources.Any(source => Says(source, message)));
        Assert.True(!unknown.Any(), $"No source says:{Environment.NewLine}{string.Join(Environment.NewLine, unknown)}");
    }

    [Fact]
    public void A_message_that_nobody_says_is_found()
    {
        const string Source = "throw new X($\"The file '{path}' has {n} bytes: \" + \"it was cut off.\");";
        string source = Joined().Replace(Source, "");

        Assert.True(Says(source, "The file '…' has … bytes: it was cut off."));
        Assert.False(Says(source, "The file '…' has … bytes: it was cut short."));
        Assert.False(Says(source, "The bytes … of the file"));
    }

    // The parts between the gaps stand in one file, one after the other, close together.
    private static bool Says(string source, string message)
    {
        string[] parts = [.. message.Split('…', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        for (int start = source.IndexOf(parts[0], StringComparison.Ordinal); start >= 0; start = source.IndexOf(parts[0], start + 1, StringComparison.Ordinal))
        {
            int end = start + parts[0].Length;
            if (parts.Skip(1).All(part => (end = After(source, part, end)) >= 0))
            {
                return true;
            }
        }

        return false;
    }

    private static int After(string source, string part, int from)
    {
        int found = source.IndexOf(part, from, Math.Min(FarthestPart, source.Length - from), StringComparison.Ordinal);
        return found < 0 ? -1 : found + part.Length;
    }

    [GeneratedRegex(@"^\| `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    // Literals that are written over several lines are one message.
    [GeneratedRegex("\"\\s*\\+\\s*[$@]*\"")]
    private static partial Regex Joined();
}
