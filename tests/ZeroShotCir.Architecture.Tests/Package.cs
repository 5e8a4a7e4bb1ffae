using System.Reflection;
using System.Xml.Linq;

namespace ZeroShotCir.Tests;

/// <summary>One of our packages: what its project file asks for, and what was compiled from it.</summary>
internal sealed class Package
{
    private readonly string _assembly;
    private readonly XDocument _project;

    public Package(string name, string[] mayReference, string[] mayExpose, string? assembly = null)
    {
        Name = name;
        _assembly = assembly ?? name;
        MayReference = mayReference;
        MayExpose = mayExpose;
        Folder = Path.Combine(RepositoryPaths.Root, "src", name);
        _project = XDocument.Load(Path.Combine(Folder, name + ".csproj"));
    }

    /// <summary>Every package with the siblings it may reference and the third-party assemblies its public API may mention.</summary>
    public static IReadOnlyList<Package> All { get; } =
    [
        new("ZeroShotCir.Core", [], ["Microsoft.Extensions.DependencyInjection.Abstractions"]),
        new("ZeroShotCir.Onnx", ["ZeroShotCir.Core"], []),
        new("ZeroShotCir.Imaging.Skia", ["ZeroShotCir.Core"], []),
        new("ZeroShotCir.Imaging.ImageSharp", ["ZeroShotCir.Core"], []),
        new("ZeroShotCir.Imaging.Magick", ["ZeroShotCir.Core"], []),
        new("ZeroShotCir.Evaluation", ["ZeroShotCir.Core"], []),
        new("ZeroShotCir.Extensions.AI", ["ZeroShotCir.Core"], ["Microsoft.Extensions.AI.Abstractions"]),
        new("ZeroShotCir.Extensions.Http", ["ZeroShotCir.Core"], ["Microsoft.Extensions.DependencyInjection.Abstractions"]),
        new("ZeroShotCir.Extensions.Hosting", ["ZeroShotCir.Core"],
            ["Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks"]),
        new("ZeroShotCir.AspNetCore", ["ZeroShotCir.Core", "ZeroShotCir.Extensions.Hosting"],
            ["Microsoft.AspNetCore.Http.Abstractions", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Routing.Abstractions"]),
        new("ZeroShotCir.Extensions.VectorData", ["ZeroShotCir.Core"], ["Microsoft.Extensions.VectorData.Abstractions"]),
        new("ZeroShotCir.Stores.Postgres", ["ZeroShotCir.Core"], ["Npgsql"]),
        new("ZeroShotCir.Stores.Redis", ["ZeroShotCir.Core"], ["StackExchange.Redis"]),
    ];

    /// <summary>The tool, which is a program: it sits on top of the packages and has no API, but rooms like they do.</summary>
    public static Package Tool { get; } = new("ZeroShotCir.Tool", [.. All.Select(package => package.Name), "ZeroShotCir"], [], "cir");

    /// <summary>Everything that has rooms.</summary>
    public static IReadOnlyList<Package> AllAndTool { get; } = [.. All, Tool];

    public string Name { get; }

    public string RootNamespace => Name == "ZeroShotCir.Core" ? "ZeroShotCir" : Name;

    public string Folder { get; }

    public IReadOnlyList<string> MayReference { get; }

    public IReadOnlyList<string> MayExpose { get; }

    public Assembly Assembly => Assembly.Load(_assembly);

    public IEnumerable<string> ProjectReferences => _project.Descendants("ProjectReference")
        .Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')));

    public IEnumerable<string> SourceFiles => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    public override string ToString() => Name;
}
