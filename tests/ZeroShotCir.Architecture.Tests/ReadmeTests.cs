using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ZeroShotCir.Tests;

public partial class ReadmeTests
{
    [Fact]
    public void The_code_of_the_README_is_the_QuickStart_sample()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
        Assert.True(sample.Split('\n').Length <= 20);
    }

    [Fact]
    public void The_shortest_start_is_the_sample_with_the_package_in_the_place_of_the_project()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "first-search.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "search.cs")).ReplaceLineEndings("\n");
        const string Project = "#:project ../src/ZeroShotCir/ZeroShotCir.csproj\n";

        Assert.Contains(Project, sample, StringComparison.Ordinal);
        Assert.Contains($"```csharp\n{sample.Replace(Project, "#:package ZeroShotCir@*\n", StringComparison.Ordinal)}```", page, StringComparison.Ordinal);
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
    public void The_index_of_the_documentation_names_every_page()
    {
        string docs = Path.Combine(RepositoryPaths.Root, "docs");
        string[] named = [.. Link().Matches(File.ReadAllText(Path.Combine(docs, "README.md"))).Select(link => link.Groups[1].Value)];

        Assert.All(Directory.GetFiles(docs, "*.md").Select(page => Path.GetFileName(page)).Where(page => page != "README.md"), page => Assert.Contains(page, named));
    }

    [Fact]
    public void The_page_about_web_applications_shows_the_sample()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "web.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "PhotoSearch", "Program.cs")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{sample}```", page, StringComparison.Ordinal);
        Assert.True(sample.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 15);
    }

    [Fact]
    public void Every_package_has_a_page_of_its_own_whose_links_lead_somewhere_from_everywhere()
    {
        string files = $"{RepositoryUrl}/blob/main/";
        List<string> wrong = [];
        foreach (string folder in Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "src")))
        {
            string page = Path.Combine(folder, "README.md"), name = Path.GetFileName(folder);
            string text = File.Exists(page) ? File.ReadAllText(page) : "";
            if (!text.StartsWith($"# {name}\n", StringComparison.Ordinal))
            {
                wrong.Add($"{name} has no page that begins with its name.");
            }

            wrong.AddRange(AnyLink().Matches(text).Select(link => link.Groups[1].Value)
                .Where(link => !link.StartsWith("https://", StringComparison.Ordinal)
                    || (link.StartsWith(files, StringComparison.Ordinal) && !Path.Exists(Path.Combine(RepositoryPaths.Root, link[files.Length..]))))
                .Select(link => $"{name} links to {link}"));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Every_address_of_the_repository_is_that_of_the_packages()
    {
        string[] files =
        [
            .. Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(package => Path.Combine(package, "README.md")),
            Path.Combine(RepositoryPaths.Root, "src", "ZeroShotCir", "buildTransitive", "ZeroShotCir.targets"),
        ];

        (string File, string Address)[] addresses =
            [.. files.SelectMany(file => OwnAddress().Matches(File.ReadAllText(file)).Select(address => (Path.GetRelativePath(RepositoryPaths.Root, file), address.Value)))];
        Assert.True(addresses.Length >= files.Length, $"Only {addresses.Length} addresses were found.");
        Assert.All(addresses, address => Assert.Equal(RepositoryUrl, address.Address));
    }

    [Fact]
    public void The_table_of_packages_has_every_package()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md"));

        Assert.All(Package.All, package => Assert.Contains($"| `{package.Name}` |", readme, StringComparison.Ordinal));
    }

    private static string RepositoryUrl { get; } = XDocument.Load(Path.Combine(RepositoryPaths.Root, "src", "Directory.Build.props")).Descendants("RepositoryUrl").Single().Value;

    // A host of repositories, an owner of any name, and a repository that is called like ours.
    [GeneratedRegex(@"https?://[\w.]+/[\w.-]+/ZeroShotCir(\.Core)?(?=[/#)""\s])")]
    private static partial Regex OwnAddress();

    // Links to other hosts and to headings of the same page are none of these.
    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex AnyLink();
}
