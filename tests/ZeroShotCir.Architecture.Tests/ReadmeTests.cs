using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests;

public partial class ReadmeTests
{
    [Fact]
    public void The_code_of_the_README_is_the_QuickStart_sample()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
        Assert.True(sample.Split('\n').Length <= 30);
    }

    [Fact]
    public void Every_link_into_the_repository_leads_somewhere()
    {
        string[] pages =
        [
            .. Directory.GetFiles(RepositoryPaths.Root, "*.md"), .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md", SearchOption.AllDirectories),
            Path.Combine(RepositoryPaths.Root, "benchmarks", "README.md"), Path.Combine(RepositoryPaths.TinyFashion, "README.md"),
        ];
        (string Page, string Link)[] links = [.. pages.SelectMany(page => Link().Matches(File.ReadAllText(page)).Select(link => (page, link.Groups[1].Value)))];

        IEnumerable<string> dead = links.Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(link.Page)!, link.Link)))
            .Select(link => $"{Path.GetRelativePath(RepositoryPaths.Root, link.Page)} links to {link.Link}");
        Assert.True(links.Length >= 20, $"Only {links.Length} links were found.");
        Assert.True(!dead.Any(), string.Join(Environment.NewLine, dead));
    }

    [Fact]
    public void The_table_of_packages_has_every_package()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md"));

        Assert.All(Package.All, package => Assert.Contains($"| `{package.Name}` |", readme, StringComparison.Ordinal));
    }

    // Links to other hosts and to headings of the same page are none of these.
    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)([^)#\s]+)")]
    private static partial Regex Link();
}
