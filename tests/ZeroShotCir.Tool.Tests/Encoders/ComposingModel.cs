using System.Text.Json.Nodes;
using ZeroShotCir.Tests;
using ZeroShotCir.Tool.Tests.Galleries;

namespace ZeroShotCir.Tool.Tests.Encoders;

/// <summary>TinyFashion's model under the name of one that is asked by the sum of its towers.</summary>
public sealed class ComposingModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ComposingModel()
    {
        foreach (string file in Directory.EnumerateFiles(GalleryWorld.Model, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Model, Path.GetRelativePath(GalleryWorld.Model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(Model, "config.json")))!;
        config["_name_or_path"] = "BAAI/BGE-VL-base";
        File.WriteAllText(Path.Combine(Model, "config.json"), config.ToJsonString());
    }

    public string Model => _folder.File("model");

    /// <summary>Where its embeddings are remembered.</summary>
    public string Cache => _folder.File("cache");

    public void Dispose() => _folder.Dispose();
}
