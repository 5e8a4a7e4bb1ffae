using System.Text.RegularExpressions;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests;

public sealed class EvaluationReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Facts_under_a_heading_of_the_reports_own_stand_in_its_place()
    {
        EvaluationReport report = new("own") { ShownQueries = 0 };
        report.Add(MeasuredSettings.Measure("Letters", [Runner(1)], [new NamedSetting("fused", new EvaluationSetting { Beta = 0 })], Token));
        report.AddFacts("Machine", new Dictionary<string, string> { ["name"] = "a calculator" });
        report.Write(_folder.Of("own.html"), new AsTheyAre(), Token);

        string page = File.ReadAllText(_folder.Of("own.html"));
        Assert.Contains("a calculator", page, StringComparison.Ordinal);
        Assert.DoesNotContain(System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription, page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "Coverage of Letters"));
    }

    [Fact]
    public void Writing_can_be_stopped_while_gaps_are_measured()
    {
        EvaluationReport report = new("stopped") { ShownQueries = 0 };
        report.Add(MeasuredSettings.Measure("Letters", [Runner(1)], [new NamedSetting("fused", new EvaluationSetting { Beta = 0 })], Token));

        Assert.ThrowsAny<OperationCanceledException>(() => report.Write(_folder.Of("stopped.html"), new AsTheyAre(), new CancellationToken(canceled: true)));
        Assert.False(File.Exists(_folder.Of("stopped.html")));
    }

    [Fact]
    public void Gaps_are_those_of_each_setting_and_category_measured_by_itself()
    {
        EvaluationRunner[] runners = [Runner(1), Runner(2)];
        NamedSetting[] settings =
        [
            new("weighted", new EvaluationSetting { Alpha = 0.3, Beta = 0 }),
            new("raw", new EvaluationSetting { Alpha = 0.7, Beta = 0, NormalizeInputs = false }),
            new("slerp", new EvaluationSetting { Fusion = StrategyTable.Parse("slerp"), Alpha = 0.5, Beta = 0 }),
        ];
        MeasuredHalves halves = MeasuredHalves.Measure(runners, settings.Select(named => named.Setting), Token);

        foreach (EvaluationSetting setting in settings.Select(named => named.Setting))
        {
            foreach (EvaluationRunner[] part in new[] { runners, [runners[0]], [runners[1]] })
            {
                int? category = part.Length == 2 ? null : Array.IndexOf(runners, part[0]);
                EvaluationResult[] both = Evaluated(part, setting);
                CompositionGap expected = CompositionGap.Measure(
                    both, Evaluated(part, CompositionGap.TextAlone(setting)), Evaluated(part, CompositionGap.ImageAlone(setting)));

                CompositionGap gap = halves.GapOf(setting, both, category, null);

                Assert.Equal((expected.Gap, expected.TextOnly, expected.ImageOnly), (gap.Gap, gap.TextOnly, gap.ImageOnly));
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private static EvaluationResult[] Evaluated(IEnumerable<EvaluationRunner> runners, EvaluationSetting setting) => [.. runners.Select(runner => runner.Evaluate(setting, Token))];

    private static EvaluationRunner Runner(int seed)
    {
        const int Items = 60, Queries = 30;
        Random random = new(seed);
        string[] names = [.. Enumerable.Range(0, Items).Select(i => $"image-{i}")];
        EvaluationQuery[] queries = [.. Enumerable.Range(0, Queries).Select(i => new EvaluationQuery($"{i}", names[i], ["text"]) { Target = names[(i + seed) % Items] })];
        EvaluationDataset dataset = new("letters", "val", [.. names.Select(name => new GalleryImage(name, "x.png"))], queries) { Category = $"{seed}" };
        return new EvaluationRunner(dataset, new EvaluationFeatures("random", names, Rows(Items), [], [], Rows(Queries)));

        EmbeddingMatrix Rows(int count) => EmbeddingMatrix.FromRows(
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 5).Select(_ => ((float)random.NextDouble() - 0.5f) * (1 + random.Next(3))).ToArray())]);
    }

    private sealed class AsTheyAre : IImageShrinker
    {
        public ImageData Shrink(ImageData image, int maxEdge) => image;
    }
}
