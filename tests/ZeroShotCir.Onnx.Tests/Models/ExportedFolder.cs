using System.Text.Json;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tests.Models;

/// <summary>A folder that a real exporter wrote, and what the reference code computes for it.</summary>
internal sealed class ExportedFolder
{
    private ExportedFolder(string path, JsonElement expected)
    {
        Path = path;
        Expected = expected;
    }

    public string Path { get; }

    public JsonElement Expected { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public bool IsOk => Expected.GetProperty("ok").GetBoolean();

    /// <summary>The pictures; those with alpha as when they are decoded to RGB first, where the published program resizes them with their alpha.</summary>
    public JsonElement[] Images => [.. Expected.GetProperty("images").EnumerateArray()];

    /// <summary>What is expected of a picture.</summary>
    public static JsonElement InRgb(JsonElement image) => image.TryGetProperty("decoded_to_rgb_first", out JsonElement rgb) ? rgb : image;

    public JsonElement[] Texts => [.. Expected.GetProperty("texts").EnumerateArray()];

    public string[] Sentences => [.. Texts.Select(text => text.Text("text"))];

    /// <summary>The names of all folders of two towers.</summary>
    public static IEnumerable<string> Towers => Root is not { } root ? [] : Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)
        .Where(folder => File.Exists(System.IO.Path.Combine(folder, "expected.json")))
        .Select(folder => Read(folder))
        .Where(folder => !folder.Expected.TryGetProperty("generation", out _) && (folder.Expected.TryGetProperty("texts", out _) || !folder.IsOk))
        .Where(folder => !folder.Name.StartsWith("smolvlm", StringComparison.Ordinal))
        .Select(folder => folder.Name);

    private static string? Root
    {
        get
        {
            string golden = Environment.GetEnvironmentVariable("ZEROSHOTCIR_GOLDEN") ?? System.IO.Path.Combine(RepositoryPaths.Root, "..", "shared", "golden");
            string root = System.IO.Path.GetFullPath(System.IO.Path.Combine(golden, "exported"));
            return Directory.Exists(root) ? root : null;
        }
    }

    public static ExportedFolder Open(string name) => Read(RepositoryPaths.Golden("exported", name));

    /// <summary>
    /// The graphs to try, each with the rows that it must write: those of the reference in full precision, and those that ONNX
    /// Runtime gave for a quantised variant.
    /// </summary>
    public IEnumerable<ExportedVariant> Variants()
    {
        float tolerance = Expected.GetProperty("tolerance").GetProperty("embeddings").GetSingle();
        yield return new ExportedVariant(null, tolerance, Rows(Images), Rows(Texts));
        if (!Expected.TryGetProperty("variants", out JsonElement variants))
        {
            yield break;
        }

        foreach (JsonProperty variant in variants.EnumerateObject().Where(variant => variant.Name != "fp32" && variant.Value.GetProperty("ok").GetBoolean()))
        {
            ModelPrecision precision = ModelPrecision.All.Single(precision => precision.Suffix == variant.Name);
            yield return new ExportedVariant(
                precision, variant.Value.GetProperty("tolerance").GetSingle(), variant.Value.GetProperty("images").Rows(), variant.Value.GetProperty("texts").Rows());
        }
    }

    private static float[][] Rows(JsonElement[] items) => [.. items.Select(item => InRgb(item).GetProperty("embedding").Floats())];

    private static ExportedFolder Read(string folder) => new(folder, GoldenJson.Read(System.IO.Path.Combine(folder, "expected.json")));
}

/// <summary>The rows of one variant of an exported folder's graphs.</summary>
internal sealed record ExportedVariant(ModelPrecision? Precision, float Tolerance, float[][] Images, float[][] Texts)
{
    /// <summary>Whether rows depend on the processor: products of bytes saturate without VNNI.</summary>
    public bool IsEightBit => Precision == ModelPrecision.Q8 || Precision == ModelPrecision.Signed8 || Precision == ModelPrecision.Unsigned8;
}
