namespace ZeroShotCir.Tests;

/// <summary>What does not fit on a screen is not read.</summary>
public class SizeTests
{
    private const int LongestLine = 180;
    private const int LongestFile = 350;

    [Fact]
    public void No_line_and_no_file_is_too_long()
    {
        string[] files =
        [
            .. ((string[])["src", "tests", "samples", "benchmarks"])
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), "*.cs", SearchOption.AllDirectories))
                .Where(IsOurs),
        ];
        List<string> violations = [];
        foreach (string file in files)
        {
            string[] lines = File.ReadAllLines(file);
            string name = Path.GetRelativePath(RepositoryPaths.Root, file).Replace('\\', '/');
            violations.AddRange(lines.Index().Where(line => line.Item.Length > LongestLine).Select(line => $"{name}:{line.Index + 1} has {line.Item.Length} columns"));
            if (lines.Length > LongestFile)
            {
                violations.Add($"{name} has {lines.Length} lines");
            }
        }

        Assert.True(files.Length > 1000, $"Only {files.Length} files were looked at.");
        Assert.True(violations.Count == 0, $"At most {LongestLine} columns and {LongestFile} lines:{Environment.NewLine}{string.Join(Environment.NewLine, violations)}");
    }

    // What is built lies beside what is written.
    private static bool IsOurs(string file)
        => !Path.GetRelativePath(RepositoryPaths.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");
}
