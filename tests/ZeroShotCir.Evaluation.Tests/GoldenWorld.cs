using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Tests;

/// <summary>The golden data sets with their stored features.</summary>
internal static class GoldenWorld
{
    public static EvaluationDataset Dataset(string features, GalleryProtocol gallery = GalleryProtocol.Split)
    {
        string[] parts = features.Split('-');
        return parts[0] switch
        {
            "fashioniq" => FashionIqReader.Read(RepositoryPaths.Golden("datasets", "FashionIQ"), parts[1], parts[2], gallery),
            "cirr" => CirrReader.Read(RepositoryPaths.Golden("datasets", "CIRR"), parts[1]),
            _ => CircoReader.Read(RepositoryPaths.Golden("datasets", "CIRCO"), parts[1]),
        };
    }

    public static EvaluationRunner Runner(string name, GalleryProtocol gallery = GalleryProtocol.Split)
    {
        EvaluationDataset dataset = Dataset(name, gallery);
        string folder = name == "circo-test" ? "circo-val" : name;
        return new EvaluationRunner(dataset, FeatureFolder.Read(RepositoryPaths.Golden("evaluation", "features", folder), dataset));
    }

    public static EvaluationSetting Setting(JsonElement item) => Setting(item.Number("alpha"), item.Number("beta"), item.Text("scoring"), item.Text("fusion"));

    public static EvaluationSetting Setting(double alpha, double beta, string scoring, string fusion) => new()
    {
        Alpha = alpha,
        Beta = beta,
        Scoring = scoring == "paper" ? Scoring.Paper : Scoring.PublishedCode,
        NormalizeInputs = fusion != "raw",
        Fusion = fusion == "slerp" ? StrategyTable.Parse("slerp") : CompositionStrategy.Weighted,
    };
}
