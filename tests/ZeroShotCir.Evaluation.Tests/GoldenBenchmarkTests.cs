using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tests;

/// <summary>The newer benchmarks with stored features, measure by measure.</summary>
public sealed class GoldenBenchmarkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text", "weighted", 1)]
    [InlineData("image", "weighted", 0)]
    [InlineData("sum", "late-linear", 0.5)]
    [InlineData("product", "product", 0.5)]
    [InlineData("weicom-0.5", "late-cdf:ddof=1", 0.5)]
    public void Icir(string method, string strategy, double alpha)
    {
        JsonElement expected = GoldenJson.Read(RepositoryPaths.Golden("strategies", "icir", "expected.json"));
        EvaluationDataset dataset = IcirReader.Read(RepositoryPaths.Golden("strategies", "icir"));
        EvaluationRunner runner = new(dataset, FeatureFolder.Read(RepositoryPaths.Golden("strategies", "icir", "features"), dataset));
        Assert.Equal(expected.Number("queries"), dataset.Queries.Count);
        Assert.Equal(expected.Number("gallery"), dataset.Gallery.Count);
        Assert.Equal(expected.GetProperty("gallery_size").Ints(), dataset.Queries.Select(query => query.Candidates.Count));
        Assert.Equal(expected.GetProperty("positives").Ints(), dataset.Queries.Select(query => Math.Max(query.GroundTruths.Count, query.Target is null ? 0 : 1)));
        Assert.Equal(expected.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!), dataset.Queries.Select(query => query.Captions[0]));

        EvaluationResult result = runner.Evaluate(Setting(strategy, alpha), Token);
        JsonElement wanted = expected.GetProperty("results").GetProperty(method);
        foreach (string measure in (string[])["mAP", "mmAP", "minmAP"])
        {
            Assert.Equal(wanted.Number(measure), result.Metrics[measure], 1e-6);
        }

        ZeroShotCir.Metrics.TrapezoidalAveragePrecision metric = new();
        Assert.All(wanted.GetProperty("AP").Doubles().Zip(result.Ranks), pair => Assert.Equal(pair.First, metric.Measure(pair.Second), 1e-9));
    }

    [Theory]
    [InlineData("text", "weighted", 1)]
    [InlineData("image", "weighted", 0)]
    [InlineData("average", "late-linear", 0.5)]
    [InlineData("weicom-0.5", "late-cdf:ddof=1", 0.5)]
    [InlineData("weicom-0.3", "late-cdf:ddof=1", 0.3)]
    public void PatternCom(string method, string strategy, double alpha)
    {
        JsonElement expected = GoldenJson.Read(RepositoryPaths.Golden("strategies", "patterncom", "expected.json"));
        string root = RepositoryPaths.Golden("strategies", "patterncom");
        double tolerance = expected.Number("tolerance");
        List<EvaluationResult> results = [];
        foreach (EvaluationDataset dataset in DatasetReader.Read("patterncom", root))
        {
            EvaluationRunner runner = new(dataset, FeatureFolder.Read(Path.Combine(root, "features"), dataset));
            EvaluationResult result = runner.Evaluate(Setting(strategy, alpha), Token);
            results.Add(result);
            Assert.Equal(expected.GetProperty("queries").Number(dataset.Category!), result.Queries);
            JsonElement wanted = expected.GetProperty("results").GetProperty(method).GetProperty("attributes").GetProperty(dataset.Category!);
            Assert.All(
                wanted.EnumerateObject().Where(measure => measure.Name != "mAP_as_published"),
                measure => Assert.Equal(measure.Value.GetDouble(), result.Metrics[measure.Name], tolerance));
        }

        Assert.Equal(PatternComReader.Attributes.Count, results.Count);
        Assert.Equal(expected.GetProperty("results").GetProperty(method).Number("mean_over_attributes"), EvaluationResult.Average(results).Metrics["mAP"], tolerance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MBeir(bool removed)
    {
        JsonElement expected = GoldenJson.Read(RepositoryPaths.Golden("strategies", "mbeir", "expected.json"));
        string root = RepositoryPaths.Golden("strategies", "mbeir");
        EvaluationDataset dataset = Assert.Single(DatasetReader.Read("mbeir", root)) with { Category = null, ExcludesReference = removed };
        EvaluationRunner runner = new(dataset, FeatureFolder.Read(Path.Combine(root, "features"), dataset));
        EvaluationResult result = runner.Evaluate(Setting("weighted", 0.7), Token);
        JsonElement recalls = removed ? expected.GetProperty("R_reference_removed") : expected;
        Assert.All((string[])["R@1", "R@5", "R@10"], measure => Assert.Equal(recalls.Number(measure), result.Metrics[measure], 1e-6));
        int[] ranks = expected.GetProperty(removed ? "ranks_reference_removed" : "ranks").Ints();
        Assert.Equal(ranks, result.Ranks.Select(rank => rank.Best));
    }

    [Fact]
    public void Genecis()
    {
        JsonElement expected = GoldenJson.Read(RepositoryPaths.Golden("strategies", "genecis", "expected.json"));
        List<EvaluationResult> results = [];
        foreach (EvaluationDataset dataset in DatasetReader.Read("genecis", RepositoryPaths.Golden("strategies", "genecis", "genecis")))
        {
            EvaluationRunner runner = new(dataset, FeatureFolder.Read(RepositoryPaths.Golden("strategies", "genecis", "features", dataset.Category!), dataset));
            EvaluationResult result = runner.Evaluate(Setting("weighted", 0.5), Token);
            results.Add(result);
            JsonElement wanted = expected.GetProperty("results").GetProperty(dataset.Category!);
            Assert.All((string[])["R@1", "R@2", "R@3"], measure => Assert.Equal(wanted.Number(measure), result.Metrics[measure], 1e-6));
            Assert.Equal(wanted.GetProperty("ranks").Ints(), result.Ranks.Select(rank => rank.Target));
        }

        Assert.Equal(expected.Number("average_R@1"), EvaluationResult.Average(results).Metrics["R@1"], 1e-6);
    }

    [Fact]
    public void Negatives_and_wordings()
    {
        string folder = RepositoryPaths.Golden("strategies", "robustness");
        JsonElement data = GoldenJson.Read(Path.Combine(folder, "data.json"));
        JsonElement expected = GoldenJson.Read(Path.Combine(folder, "expected.json"));
        int dimensions = (int)data.Number("dim");
        int wordings = (int)data.Number("paraphrases");
        string[] names = [.. data.GetProperty("gallery_names").EnumerateArray().Select(name => name.GetString()!)];
        EvaluationQuery[] queries = [.. data.GetProperty("queries").EnumerateArray().Select(query => new EvaluationQuery(
            $"{query.Number("qid")}", query.Text("reference"), ["text"])
        {
            Target = Texts(query, "positives")[0],
            GroundTruths = Texts(query, "positives"),
            Negatives = Texts(query, "negatives"),
        })];
        EvaluationDataset dataset = new("queries", "val", [.. names.Select(name => new GalleryImage(name, name))], queries) { ExcludesReference = true };
        EmbeddingMatrix images = GoldenFloats.Matrix(Path.Combine(folder, "image.f32"), dimensions);
        EmbeddingMatrix texts = GoldenFloats.Matrix(Path.Combine(folder, "text.f32"), dimensions);
        EvaluationRunner[] runners = [.. Enumerable.Range(0, wordings).Select(wording => new EvaluationRunner(
            dataset,
            new EvaluationFeatures(
                folder,
                names,
                images,
                [],
                [],
                EmbeddingMatrix.FromRows([.. Enumerable.Range(0, queries.Length).Select(query => texts[(wordings * query) + wording].ToArray())]))))];
        double tolerance = 100 * expected.Number("tolerance");
        foreach (JsonElement wanted in expected.GetProperty("results").EnumerateArray())
        {
            RobustnessMeasures measured = RobustnessMeasures.Measure(runners, Setting("weighted", wanted.GetProperty("setting").Number("alpha")), Token);
            Assert.Equal(wanted.Number("mAP@10"), measured.MeanAveragePrecision, tolerance);
            Assert.Equal(wanted.Number("mAP@10_without_negatives"), measured.MeanAveragePrecisionWithoutNegatives, tolerance);
            Assert.Equal(wanted.Number("delta_mAP@10"), measured.NegativeCost, tolerance);
            Assert.Equal(wanted.Number("delta_relative_percent"), measured.RelativeNegativeCost, tolerance);
            Assert.Equal(wanted.Number("NegRecall@10_of_10"), measured.NegativeRecallOfTen, tolerance);
            Assert.Equal(wanted.Number("NegRecall@10_of_negatives"), measured.NegativeRecallOfNegatives!.Value, tolerance);
            Assert.Equal(wanted.Number("NegRecall@10_of_min"), measured.NegativeRecallOfPossible!.Value, tolerance);
            Assert.Equal(wanted.Number("queries_with_a_negative_in_top_10"), measured.QueriesWithNegativeFound);
            Assert.Equal(wanted.Number("sensitivity_per_query"), measured.SensitivityPerQuery, tolerance);
            Assert.Equal(wanted.Number("sensitivity_of_mAP"), measured.SensitivityOfMean, tolerance);
            Assert.All(wanted.GetProperty("mAP@10_all_paraphrases").Doubles().Zip(measured.MeanAveragePrecisions), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.All(
                wanted.GetProperty("AP@10").EnumerateArray().Zip(measured.AveragePrecisions),
                pair => Assert.All(pair.First.Doubles().Zip(pair.Second), value => Assert.Equal(value.First, value.Second, tolerance)));
        }
    }

    private static string[] Texts(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static EvaluationSetting Setting(string strategy, double alpha) => new() { Alpha = alpha, Beta = 0, Fusion = StrategyTable.Parse(strategy) };
}
