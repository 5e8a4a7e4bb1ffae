using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests.Pages;

/// <summary>A page that people read: the READMEs of the repository and of its packages, everything in docs.</summary>
internal sealed partial class Page
{
    private Page(string path)
    {
        Name = Path.GetRelativePath(RepositoryPaths.Root, path).Replace('\\', '/');
        Text = File.ReadAllText(path).ReplaceLineEndings("\n");
    }

    /// <summary>Every page.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.GetFiles(RepositoryPaths.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(package => Path.Combine(package, "README.md")).Where(File.Exists))
            .Append(Path.Combine(RepositoryPaths.Root, "benchmarks", "README.md"))
            .Append(Path.Combine(RepositoryPaths.Root, "benchmarks", "peers", "README.md"))
            .Order(StringComparer.Ordinal)
            .Select(path => new Page(path)),
    ];

    /// <summary>The path in the repository.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>The fenced blocks, from top to bottom.</summary>
    public IEnumerable<PageBlock> Blocks => Fence().Matches(Text)
        .Select(block => new PageBlock(this, LineOf(block.Groups[2].Index), block.Groups[1].Value, block.Groups[2].Value));

    /// <summary>The blocks of C#.</summary>
    public IEnumerable<PageBlock> Code => Blocks.Where(block => block.Language is "csharp" or "cs");

    /// <summary>What stands between single backquotes outside of the blocks, with its line.</summary>
    public IEnumerable<(int Line, string Text)> Spans
        => Span().Matches(Fence().Replace(Text, block => new string('\n', block.Value.Count(c => c == '\n'))))
            .Select(span => (LineOf(span.Index), span.Groups[1].Value));

    public static Page Named(string name) => All.Single(page => page.Name == name);

    public override string ToString() => Name;

    private int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Span();
}
