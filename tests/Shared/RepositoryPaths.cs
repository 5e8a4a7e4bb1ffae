namespace ZeroShotCir.Tests;

/// <summary>Where the repository and the optional golden data lie, seen from a running test.</summary>
internal static class RepositoryPaths
{
    /// <summary>The folder that holds the solution file.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built-in TinyFashion world, which is part of the repository.</summary>
    public static string TinyFashion => Path.Combine(Root, "samples", "TinyFashion");

    /// <summary>
    /// The path of a golden file or folder, after skipping the running test when the golden data is not there:
    /// third-party data lies beside a checkout (or where ZEROSHOTCIR_GOLDEN points), never inside it.
    /// </summary>
    public static string Golden(params string[] parts)
    {
        string golden = Environment.GetEnvironmentVariable("ZEROSHOTCIR_GOLDEN")
            ?? Path.Combine(Root, "..", "shared", "golden");
        string path = Path.GetFullPath(Path.Combine([golden, .. parts]));
        Assert.SkipUnless(Path.Exists(path), $"Golden data is not available: '{path}' does not exist.");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ZeroShotCir.Core.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds ZeroShotCir.Core.sln.");
    }
}
