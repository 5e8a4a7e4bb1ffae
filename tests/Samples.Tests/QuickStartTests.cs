using System.Diagnostics;
using System.Text.RegularExpressions;
using ZeroShotCir.Tests;

namespace Samples.Tests;

/// <summary>The code that the README shows first.</summary>
public sealed partial class QuickStartTests
{
    private static readonly string Built = Path.Combine(
        RepositoryPaths.Root, "samples", "QuickStart", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "QuickStart.dll");

    [Fact]
    public void It_has_at_most_ten_statements_and_two_usings()
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "samples", "QuickStart", "Program.cs"));
        string[] code = [.. lines.Where(line => !line.StartsWith("using ZeroShotCir", StringComparison.Ordinal)).Select(line => Text().Replace(line, "\"\""))];

        Assert.InRange(lines.Length - code.Length, 1, 2);

        // A statement ends in a semicolon, or has a block.
        Assert.InRange(code.Sum(line => line.Count(character => character is ';' or '{')), 3, 10);
    }

    [Fact]
    public async Task It_makes_a_gallery_and_brings_it_up_to_date_and_searches()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Of("models"));
        Directory.CreateSymbolicLink(folder.Of("models", "clip"), Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"));
        string photos = Directory.CreateDirectory(folder.Of("data", "fashioniq", "images")).FullName;
        string[] pictures = [.. Directory.GetFiles(Path.Combine(RepositoryPaths.TinyFashion, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(24)];
        Array.ForEach(pictures, picture => File.Copy(picture, Path.Combine(photos, Path.GetFileName(picture))));

        string[] first = await RunAsync(folder.Path);
        File.Delete(Path.Combine(photos, Path.GetFileName(pictures[^1])));
        File.WriteAllText(Path.Combine(photos, "letter.jpg"), "no picture");
        string[] second = await RunAsync(folder.Path);

        Assert.Equal("24 pictures, 24 of them new or changed; 0 could not be read", first[0]);
        Assert.Equal("23 pictures, 0 of them new or changed; 1 could not be read", second[0]);
        foreach (string[] lines in (string[][])[first, second])
        {
            Assert.Equal(6, lines.Length);
            Assert.All(lines.Skip(1).Index(), line => Assert.StartsWith($"{line.Index + 1}. TFD0", line.Item, StringComparison.Ordinal));
        }
    }

    private static async Task<string[]> RunAsync(string world)
    {
        ProcessStartInfo start = new("dotnet", [Built, world]) { WorkingDirectory = world, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // What stands in quotation marks, interpolated or not, and comments.
    [GeneratedRegex("""\$?"[^"]*"|//.*""")]
    private static partial Regex Text();
}
