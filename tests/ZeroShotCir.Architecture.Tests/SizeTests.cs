namespace ZeroShotCir.Tests;

/// <summary>What does not fit on a screen is not read.</summary>
public class SizeTests
{
    private const int LongestLine = 180;
    private const int LongestFile = 350;

    /// <summary>How many lines and files were too long when the rule came, by project. Only ever make these fewer.</summary>
    private static readonly Dictionary<string, int> Left = new()
    {
        ["benchmarks/ZeroShotCir.Benchmarks"] = 17,
        ["src/ZeroShotCir.Core"] = 99,
        ["src/ZeroShotCir.Evaluation"] = 51,
        ["src/ZeroShotCir.Extensions.AI"] = 19,
        ["src/ZeroShotCir.Extensions.Http"] = 13,
        ["src/ZeroShotCir.Extensions.VectorData"] = 6,
        ["src/ZeroShotCir.Imaging.ImageSharp"] = 1,
        ["src/ZeroShotCir.Imaging.Magick"] = 3,
        ["src/ZeroShotCir.Imaging.Skia"] = 2,
        ["src/ZeroShotCir.Onnx"] = 75,
        ["src/ZeroShotCir.Stores.Postgres"] = 14,
        ["src/ZeroShotCir.Stores.Redis"] = 11,
        ["tests/PhotoSearch.Tests"] = 8,
        ["tests/Shared"] = 3,
        ["tests/ZeroShotCir.AspNetCore.Tests"] = 1,
        ["tests/ZeroShotCir.Core.Tests"] = 56,
        ["tests/ZeroShotCir.Evaluation.Tests"] = 49,
        ["tests/ZeroShotCir.Extensions.AI.Tests"] = 9,
        ["tests/ZeroShotCir.Extensions.Http.Tests"] = 12,
        ["tests/ZeroShotCir.Imaging.Skia.Tests"] = 8,
        ["tests/ZeroShotCir.Imaging.Tests"] = 7,
        ["tests/ZeroShotCir.Onnx.Tests"] = 86,
        ["tests/ZeroShotCir.Stores.Tests"] = 10,
    };

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
        IEnumerable<string> tooMany = violations.GroupBy(violation => string.Join('/', violation.Split('/').Take(2)))
            .Where(project => project.Count() > Left.GetValueOrDefault(project.Key))
            .SelectMany(project => project);
        Assert.True(!tooMany.Any(), $"At most {LongestLine} columns and {LongestFile} lines:{Environment.NewLine}{string.Join(Environment.NewLine, tooMany)}");
    }

    // What is built lies beside what is written.
    private static bool IsOurs(string file)
        => !Path.GetRelativePath(RepositoryPaths.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");
}
