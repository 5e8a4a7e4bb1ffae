using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Tests.Galleries;

/// <summary>One world of the golden scoring file: a small gallery, queries, and what every setting must give.</summary>
internal sealed class GoldenWorld(JsonElement world)
{
    public const double ScoreTolerance = 3e-6;
    public const double VectorTolerance = 2e-6;

    public string Name { get; } = world.GetProperty("name").GetString()!;

    public int Dimensions { get; } = world.GetProperty("dim").GetInt32();

    public int K { get; } = world.GetProperty("k").GetInt32();

    public int CaptionsPerItem { get; } = world.GetProperty("captions_per_image").GetInt32();

    public int[] References { get; } = [.. world.GetProperty("reference_ordinals").EnumerateArray().Select(e => e.GetInt32())];

    public EmbeddingMatrix Images { get; } = EmbeddingMatrix.FromRows(Rows(world.GetProperty("image")));

    public EmbeddingMatrix Texts { get; } = EmbeddingMatrix.FromRows(Rows(world.GetProperty("text")));

    public CaptionEmbeddings Captions { get; } = CaptionEmbeddings.FromPositions(
        [.. world.GetProperty("captions").EnumerateArray().Select(position => EmbeddingMatrix.FromRows(Rows(position)))]);

    public IReadOnlyList<JsonElement> Folded { get; } = [.. world.GetProperty("folded").EnumerateArray()];

    public IReadOnlyList<JsonElement> Settings { get; } = [.. world.GetProperty("settings").EnumerateArray()];

    public Gallery Gallery => Gallery.FromEmbeddings([.. Enumerable.Range(0, Images.Rows).Select(i => $"image-{i}")], Images, Captions);

    public static IReadOnlyList<GoldenWorld> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(RepositoryPaths.Golden("fusion", "scoring.json")));
        return [.. document.RootElement.Clone().GetProperty("worlds").EnumerateArray().Select(world => new GoldenWorld(world))];
    }

    public static LinearStrategy Fusion(JsonElement setting)
    {
        double alpha = setting.GetProperty("alpha").GetDouble();
        return (LinearStrategy)(setting.GetProperty("fusion").GetString() switch
        {
            "weighted-raw" => CompositionStrategy.Weighted.WithAlpha(alpha).WithNormalizedInputs(false),
            "weighted-unit" => CompositionStrategy.Weighted.WithAlpha(alpha),
            "slerp" => StrategyTable.Parse("slerp").WithAlpha(alpha),
            string other => throw new InvalidDataException($"Unknown fusion '{other}'."),
            null => throw new InvalidDataException("No fusion."),
        });
    }

    public static float[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(Row)];

    public static float[] Row(JsonElement row) => [.. row.EnumerateArray().Select(number => number.GetSingle())];

    public static double Worst(ReadOnlySpan<float> actual, JsonElement expected)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(actual[i] - expected[i].GetDouble()));
        }

        return worst;
    }
}
