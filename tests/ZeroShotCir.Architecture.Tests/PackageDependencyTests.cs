namespace ZeroShotCir.Tests;

public class PackageDependencyTests
{
    [Fact]
    public void A_package_depends_on_Core_and_on_no_sibling()
    {
        List<string> violations = [];
        foreach (Package package in Package.All)
        {
            IEnumerable<string> compiled = package.Assembly.GetReferencedAssemblies()
                .Select(a => a.Name!)
                .Where(n => n.StartsWith("ZeroShotCir", StringComparison.Ordinal));
            violations.AddRange(package.ProjectReferences.Concat(compiled).Distinct()
                .Except(package.MayReference)
                .Select(sibling => $"{package} references {sibling}; it may reference only [{string.Join(", ", package.MayReference)}]"));
        }

        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    [Fact]
    public void Every_package_folder_is_checked()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(f => Path.GetFileName(f)!);

        Assert.Equal(Package.AllAndTool.Select(p => p.Name).Append("ZeroShotCir").Order(), folders.Order());
    }
}
