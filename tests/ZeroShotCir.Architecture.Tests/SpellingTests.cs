using System.Reflection;
using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests;

/// <summary>
/// Names in C# and the documentation of the API are spelled as in the United States, as those of .NET are; what users type and read in files
/// keeps its spelling.
/// </summary>
public partial class SpellingTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_name_is_spelled_the_British_way()
    {
        HashSet<string> names = [];
        foreach (Package package in Package.AllAndTool)
        {
            foreach (Type type in package.Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("ZeroShotCir", StringComparison.Ordinal) == true))
            {
                names.Add(type.Name);
                foreach (MemberInfo member in type.GetMembers(Declared))
                {
                    names.Add(member.Name);
                    names.UnionWith((member as MethodBase)?.GetParameters().Select(parameter => parameter.Name ?? string.Empty) ?? []);
                }
            }
        }

        Assert.True(names.Count > 5_000, $"Only {names.Count} names were looked at.");
        string[] british = [.. names.Where(name => British().IsMatch(name)).Order(StringComparer.Ordinal)];
        Assert.True(british.Length == 0, string.Join(", ", british));
    }

    [Fact]
    public void No_documentation_comment_and_no_page_is_spelled_the_British_way()
    {
        string[] comments = [.. Files("src", "*.cs").SelectMany(File.ReadLines).Where(line => line.TrimStart().StartsWith("///", StringComparison.Ordinal))];
        string[] pages = [.. Files("docs", "*.md").SelectMany(Prose), .. Prose(Path.Combine(RepositoryPaths.Root, "README.md"))];

        Assert.True(comments.Length > 5_000 && pages.Length > 500, $"Only {comments.Length} comments and {pages.Length} lines of pages were looked at.");
        string[] british = [.. comments.Concat(pages).Select(line => Code().Replace(line, "")).Where(line => British().IsMatch(line))];
        Assert.True(british.Length == 0, string.Join(Environment.NewLine, british));
    }

    [Theory]
    [InlineData("CentredRows")]
    [InlineData("ClipNormalisation")]
    [InlineData("RandomisationTest")]
    [InlineData("colour")]
    [InlineData("ListedNeighbours")]
    public void British_spelling_is_recognized(string name) => Assert.Matches(British(), name);

    [Theory]
    [InlineData("CenteredRows")]
    [InlineData("Supervised")]
    [InlineData("Otherwise")]
    [InlineData("CancellationToken")]
    [InlineData("Concentrated")]
    [InlineData("AnalysisOfNoise")]
    public void Other_words_are_left_alone(string name) => Assert.DoesNotMatch(British(), name);

    private static IEnumerable<string> Files(string folder, string pattern)
        => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    // Without the blocks of code.
    private static IEnumerable<string> Prose(string page)
    {
        bool isCode = false;
        foreach (string line in File.ReadLines(page))
        {
            bool isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            if (!isCode && !isFence)
            {
                yield return line;
            }
        }
    }

    /// <summary>What is written as code within prose, and addresses.</summary>
    [GeneratedRegex("`[^`]*`|<c>.*?</c>|\\]\\([^)]*\\)|(cref|name|href)=\"[^\"]*\"")]
    private static partial Regex Code();

    [GeneratedRegex(
        "centre|centring|colour|behaviour|favour|neighbour|honour|labell|cancelled|canceller|cancelling|catalogue|licence|judgement|artefact|programme|grey|analyse|"
        + "(normal|initial|optim|quant|serial|token|recogn|organ|summar|general|util|final|capital|random|maxim|minim|"
        + "synchron|author|custom|visual|standard|categor|local|emphas|memor|priorit|stabil|parallel|vector|binar|linear|regular|equal)is(e|ing|ation|able)",
        RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
