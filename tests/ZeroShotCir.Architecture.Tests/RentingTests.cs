using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests;

public partial class RentingTests
{
    // What gives back whatever happens, and which lengths the shared pool keeps well, is known in one place.
    private static readonly string[] Allowed = ["Buffers/RentedArray.cs", "Imaging/DecodeRoom.cs"];

    [Fact]
    public void Nobody_rents_from_the_shared_pool_past_the_one_place_that_gives_back()
    {
        Package core = Package.All.Single(package => package.RootNamespace == "ZeroShotCir");
        string[] renting = [.. core.SourceFiles.Where(file => Rent().IsMatch(File.ReadAllText(file))).Select(file => Path.GetRelativePath(core.Folder, file).Replace('\\', '/'))];
        Assert.Equal(Allowed, renting.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"ArrayPool<[^>]+>\.\w+\.Rent\(")]
    private static partial Regex Rent();
}
