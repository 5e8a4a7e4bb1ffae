using System.Text.RegularExpressions;

namespace ZeroShotCir.Tests;

public partial class RentingTests
{
    // What gives back whatever happens, and which lengths the shared pool keeps well, is known in one place.
    private static readonly string[] Allowed = ["ZeroShotCir.Core/Buffers/RentedArray.cs", "ZeroShotCir.Core/Imaging/DecodeRoom.cs"];

    [Fact]
    public void Nobody_rents_from_the_shared_pool_past_the_one_place_that_gives_back()
    {
        string[] renting =
        [
            .. Package.All.Where(package => package.Name is "ZeroShotCir.Core" or "ZeroShotCir.Onnx" || package.Name.StartsWith("ZeroShotCir.Imaging", StringComparison.Ordinal))
                .SelectMany(package => package.SourceFiles)
                .Where(file => Rent().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetRelativePath(Path.Combine(RepositoryPaths.Root, "src"), file).Replace('\\', '/')),
        ];
        Assert.Equal(Allowed, renting.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"ArrayPool<[^>]+>\.\w+\.Rent\(")]
    private static partial Regex Rent();
}
