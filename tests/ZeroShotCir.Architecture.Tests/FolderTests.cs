using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests;

public partial class FolderTests
{
    [Fact]
    public void A_folder_is_its_namespace()
    {
        List<string> violations = [];
        foreach (Package package in Package.AllAndTool)
        {
            foreach (string file in package.SourceFiles)
            {
                string folder = FolderOf(file, package);
                string expected = folder.Length == 0 ? package.RootNamespace : $"{package.RootNamespace}.{folder.Replace('/', '.')}";
                string actual = NamespaceOf().Match(File.ReadAllText(file)).Groups[1].Value;
                if (actual != expected && actual is not ("Microsoft.Extensions.DependencyInjection" or "Microsoft.AspNetCore.Builder") && Path.GetFileName(file) != "Program.cs")
                {
                    violations.Add($"{Path.GetRelativePath(RepositoryPaths.Root, file)} declares '{actual}', expected '{expected}'");
                }
            }
        }

        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    [Fact]
    public void A_file_holds_one_public_type()
    {
        IEnumerable<string> violations = Package.All.SelectMany(p => p.SourceFiles)
            .Select(f => (File: f, Count: PublicType().Count(File.ReadAllText(f))))
            .Where(f => f.Count > 1)
            .Select(f => $"{Path.GetRelativePath(RepositoryPaths.Root, f.File)} declares {f.Count} public types");

        Assert.True(!violations.Any(), string.Join(Environment.NewLine, violations));
    }

    private static string FolderOf(string file, Package package)
        => (Path.GetDirectoryName(Path.GetRelativePath(package.Folder, file)) ?? string.Empty).Replace('\\', '/');

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|readonly|partial|unsafe|ref) )*(?:record struct|record|class|struct|interface|enum|delegate) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
