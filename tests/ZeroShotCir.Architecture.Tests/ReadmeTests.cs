namespace ZeroShotCir.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_code_of_the_README_is_the_QuickStart_sample()
    {
        string readme = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "README.md")).ReplaceLineEndings("\n");
        string sample = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
        Assert.True(sample.Split('\n').Length <= 30);
    }
}
