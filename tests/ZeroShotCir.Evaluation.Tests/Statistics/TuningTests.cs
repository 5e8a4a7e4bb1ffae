using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Tests;

public sealed class TuningTests
{
    private static readonly RecallAtK Metric = new(10);

    [Fact]
    public void What_one_half_says_is_found_and_pays()
    {
        // Targets lie by the texts alone, so the weight of the text wants to be 1 and the published one is worse.
        Tuning tuning = Choose(signal: 1, [.. Enumerable.Range(0, 11).Select(i => i / 10.0)], baseline: 0.2);
        Assert.True(tuning.Chosen.Alpha >= 0.8, $"{tuning.Chosen.Alpha}");
        Assert.True(tuning.Gain.Lower > 0);
        Assert.InRange(tuning.Nested.Estimate, tuning.Baseline.Estimate, tuning.OnSameQueries.Estimate + 1e-9);
        Assert.Equal(5, tuning.ChosenByFolds.Count);
    }

    [Fact]
    public void Choosing_among_noise_is_seen_through()
    {
        Tuning tuning = Choose(signal: 0, [.. Enumerable.Range(0, 21).Select(i => i / 20.0)], baseline: 0.5);
        Assert.True(tuning.OnSameQueries.Estimate >= tuning.Nested.Estimate, "the queries that choose flatter");
        Assert.True(tuning.Gain.Lower <= 0, "nothing is there to be gained");
    }

    [Fact]
    public void What_cannot_be_chosen_by_is_refused()
    {
        EvaluationRunner runner = Runner(1, 8);
        EvaluationSetting setting = new() { Beta = 0 };
        Assert.Throws<ArgumentException>(() => Tuning.Choose([runner], [], setting, Metric, cancellationToken: Token));
        Assert.Throws<ArgumentException>(() => Tuning.Choose([runner], [setting], setting, new MedianRank(), cancellationToken: Token));
        Assert.Throws<ArgumentException>(() => Tuning.Choose([runner], [setting], setting, Metric, new TuningOptions { Folds = 9 }, cancellationToken: Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TuningOptions { Folds = 1 });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Tuning Choose(double signal, double[] alphas, double baseline)
    {
        EvaluationSetting setting = new() { Alpha = baseline, Beta = 0 };
        return Tuning.Choose([Runner(signal, 120)], [.. alphas.Select(alpha => setting with { Alpha = alpha })], setting, Metric, cancellationToken: Token);
    }

    private static EvaluationRunner Runner(double signal, int queries)
    {
        Random random = new(3);
        const int items = 150, dimensions = 16;
        float[] Vector() => [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() - 0.5f)];
        float[][] images = [.. Enumerable.Range(0, items).Select(_ => Vector())];
        string[] names = [.. Enumerable.Range(0, items).Select(i => $"image-{i}")];
        EvaluationQuery[] asked = [.. Enumerable.Range(0, queries).Select(i => new EvaluationQuery($"{i}", names[i], ["x"]) { Target = names[(i + 11) % items] })];
        float[][] texts = [.. Enumerable.Range(0, queries).Select(i => images[(i + 11) % items].Zip(Vector(), (target, noise) => (float)(signal * target) + noise).ToArray())];
        EvaluationDataset dataset = new("made-up", "val", [.. names.Select(name => new GalleryImage(name, name))], asked);
        return new EvaluationRunner(dataset, new EvaluationFeatures("made-up", names, EmbeddingMatrix.FromRows(images), [], [], EmbeddingMatrix.FromRows(texts)));
    }
}
