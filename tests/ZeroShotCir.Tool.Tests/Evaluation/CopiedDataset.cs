using System.Text.Json;
using ZeroShotCir.Tests;

namespace ZeroShotCir.Tool.Tests.Evaluation;

/// <summary>The built-in data set of CIRR's layout as a copy that a test may damage.</summary>
internal sealed class CopiedDataset : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CopiedDataset()
    {
        string source = Path.Combine(RepositoryPaths.TinyFashion, "data", "cirr");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Root, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(file, copy);
        }
    }

    public string Root => _folder.File("cirr");

    public string Cache => _folder.File("cache");

    public string Captions => Path.Combine(Root, "gallery_captions.json");

    public string[] Images => [.. Directory.EnumerateFiles(Path.Combine(Root, "img_raw"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public string File(string name) => _folder.File(name);

    /// <summary>Each query's reference and target, read without the library.</summary>
    public (string Reference, string Target)[] Queries => [.. JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(Root, "captions", "cap.rc2.val.json")))
        .RootElement.EnumerateArray().Select(query => (query.GetProperty("reference").GetString()!, query.GetProperty("target_hard").GetString()!))];

    public string[] Arguments(string command, params string[] more)
        => [command, "--dataset", "cirr", "--root", Root, "--model", Path.Combine(RepositoryPaths.TinyFashion, "models", "clip"), .. more];

    public void Dispose() => _folder.Dispose();
}
