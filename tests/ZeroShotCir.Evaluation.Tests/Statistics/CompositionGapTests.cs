using System.Text.Json;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Tests;

public sealed class CompositionGapTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("fashioniq-dress-val")]
    [InlineData("fashioniq-shirt-val")]
    [InlineData("cirr-val")]
    [InlineData("circo-val")]
    public void Golden_gaps_and_labels_are_reproduced(string name)
    {
        JsonElement golden = GoldenJson.Read(RepositoryPaths.Golden("strategies", "composition_gap.json")).GetProperty("sets").GetProperty(name);
        EvaluationRunner runner = GoldenWorld.Runner(name);
        int labeled = 0;
        foreach (JsonElement single in golden.GetProperty("single").EnumerateArray())
        {
            EvaluationSetting both = Setting(single.GetProperty("setting"), null);
            Compare(runner, both, single.GetProperty("retrievers")[0], CompositionGap.TextAlone(both), CompositionGap.ImageAlone(both));
            // Its halves are plain cosines, so the pool of one has them by its β of 0.
            if (both.Beta == 0)
            {
                labeled += Compare(QueryLabels.Measure([runner], [both], Token), runner, single);
            }
        }

        if (golden.TryGetProperty("pool", out JsonElement pool))
        {
            EvaluationSetting[] settings = [.. pool.GetProperty("setting").GetProperty("betas").Doubles().Select(beta => Setting(pool.GetProperty("setting"), beta))];
            for (int i = 0; i < settings.Length; i++)
            {
                Compare(runner, settings[i], pool.GetProperty("retrievers")[i], settings[i] with { Alpha = 1 }, settings[i] with { Alpha = 0 });
            }

            labeled += Compare(QueryLabels.Measure([runner], settings, Token), runner, pool);
        }

        output.WriteLine($"{name}: {labeled} labels equal");
        Assert.True(labeled > 0);
    }

    [Fact]
    public void An_interval_takes_the_better_half_anew_in_each_draw()
    {
        // Text and image solve different halves of the queries, both solve those that the text does: the gap is 0, but which half is
        // the better one changes from draw to draw, so that the interval lies below 0.
        EvaluationResult both = Result([.. Enumerable.Range(0, 200).Select(i => i % 2 == 0)]);
        EvaluationResult text = Result([.. Enumerable.Range(0, 200).Select(i => i % 2 == 0)]);
        EvaluationResult image = Result([.. Enumerable.Range(0, 200).Select(i => i % 2 == 1)]);
        CompositionGap gap = CompositionGap.Measure([both], [text], [image]);
        Assert.Equal(0, gap.Gap.Estimate);
        Assert.Equal(0, gap.Gap.Upper);
        Assert.InRange(gap.Gap.Lower, -20, -5);
        Assert.True(gap.IsWithinNoise);
        Assert.False(CompositionGap.Measure([Result([.. Enumerable.Repeat(true, 200)])], [text], [image]).IsWithinNoise);
        Assert.Throws<ArgumentException>(() => CompositionGap.Measure([both], [Result([true])], [image]));
        Assert.Throws<ArgumentException>(() => CompositionGap.Measure([], [], []));
    }

    [Fact]
    public void A_retriever_is_not_judged_by_queries_that_it_labeled_itself()
    {
        EvaluationRunner runner = Runner();
        EvaluationSetting own = new() { Alpha = 0.5, Beta = 0 };
        QueryLabels labels = QueryLabels.Measure([runner], QueryLabels.DefaultPool(own, hasCaptions: true), Token);
        Assert.Equal(runner.Queries.Count, labels.Labels.Count);
        Assert.Equal(runner.Queries.Count, Enum.GetValues<QueryLabel>().Sum(labels.CountOf));
        string refusal = Assert.Throws<ArgumentException>(() => labels.Filter(runner, LabelFilter.CompositionRequired, [own])).Message;
        Assert.Contains("weighted, alpha 0.5, beta 0", refusal, StringComparison.Ordinal);

        QueryLabels given = new(
            runner.Queries.Select((query, i) => (Name: runner.Dataset.NameOf(query), Label: (QueryLabel)(i % 5))).ToDictionary(p => p.Name, p => p.Label), labels.Pool);
        Assert.Equal(runner.Queries.Where((_, i) => i % 5 is 0 or 4), given.Filter(runner, LabelFilter.ShortcutFree, [own]).Queries);
        EvaluationSetting other = own with { Fusion = StrategyTable.Parse("slerp") };
        EvaluationRunner required = given.Filter(runner, LabelFilter.CompositionRequired, [other]);
        Assert.Equal(runner.Queries.Where((_, i) => i % 5 == 0), required.Queries);
        EvaluationResult whole = runner.Evaluate(other, Token);
        Assert.Equal(whole.Ranks.Where((_, i) => i % 5 == 0).Select(ranks => ranks.Target), required.Evaluate(other, Token).Ranks.Select(ranks => ranks.Target));
        Assert.Throws<ArgumentException>(() => new QueryLabels(new Dictionary<string, QueryLabel>(), []).Filter(runner, LabelFilter.ShortcutFree, [own]));
    }

    [Fact]
    public void Labels_survive_a_file_and_a_damaged_one_says_where()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "labels.json");
        QueryLabels labels = new(Enum.GetValues<QueryLabel>().ToDictionary(label => $"cirr-val/{label}", label => label), ["weighted, alpha 0.8, beta 0, model"]);
        LabelFile.Write(path, labels);
        QueryLabels read = LabelFile.Read(path);
        Assert.Equal(labels.Labels, read.Labels);
        Assert.Equal(labels.Pool, read.Pool);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"both\"", "\"neither\"", StringComparison.Ordinal));
        Assert.Contains("neither", Assert.Throws<InvalidDatasetException>(() => LabelFile.Read(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "[]");
        Assert.Throws<InvalidDatasetException>(() => LabelFile.Read(path));
        Assert.Throws<InvalidDatasetException>(() => LabelFile.Read(path + ".not"));
    }

    private static EvaluationRunner Runner()
    {
        Random random = new(1);
        EmbeddingMatrix Rows(int count) => EmbeddingMatrix.FromRows(
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 8).Select(_ => random.NextSingle() - 0.5f).ToArray())]);
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"image-{i}")];
        EvaluationQuery[] queries = [.. Enumerable.Range(0, 25).Select(i => new EvaluationQuery($"{i}", names[i], ["x"]) { Target = names[i + 3] })];
        EvaluationDataset dataset = new("made-up", "val", [.. names.Select(name => new GalleryImage(name, name))], queries);
        return new EvaluationRunner(dataset, new EvaluationFeatures("made-up", names, Rows(40), [Rows(40)], [], Rows(25)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static EvaluationSetting Setting(JsonElement setting, double? beta)
        => GoldenWorld.Setting(setting.GetProperty("both").Number("alpha"), beta ?? setting.GetProperty("both").Number("beta"), setting.Text("scoring"), setting.Text("fusion"));

    private static void Compare(EvaluationRunner runner, EvaluationSetting both, JsonElement expected, EvaluationSetting text, EvaluationSetting image)
    {
        IReadOnlyList<EvaluationResult> results = runner.Evaluate([both, text, image], cancellationToken: Token);
        CompositionGap gap = CompositionGap.Measure([results[0]], [results[1]], [results[2]], new StatisticsOptions { Resamples = 100 });
        double[] shares = expected.GetProperty("R@10").Doubles();
        Assert.Equal(shares[0], gap.Both, 1e-6);
        Assert.Equal(shares[1], gap.TextOnly, 1e-6);
        Assert.Equal(shares[2], gap.ImageOnly, 1e-6);
        Assert.Equal(expected.Number("composition_gap"), gap.Gap.Estimate, 1e-6);
        Assert.InRange(gap.Gap.Estimate, gap.Gap.Lower, gap.Gap.Upper);
    }

    private static int Compare(QueryLabels labels, EvaluationRunner runner, JsonElement expected)
    {
        string letters = string.Concat(runner.Queries.Select(query => labels.Labels[runner.Dataset.NameOf(query)] switch
        {
            QueryLabel.CompositionRequired => 'c',
            QueryLabel.TextShortcut => 't',
            QueryLabel.ImageShortcut => 'i',
            QueryLabel.BothShortcuts => 'b',
            _ => 'u',
        }));
        Assert.Equal(expected.Text("labels"), letters);
        Assert.Equal(expected.GetProperty("counts").GetProperty("composition_required").GetInt32(), labels.CountOf(QueryLabel.CompositionRequired));
        return letters.Length;
    }

    private static EvaluationResult Result(bool[] solved)
        => new("made-up", null, solved.Length, 100, new EvaluationSetting(), new Dictionary<string, double>(), new Dictionary<string, int>())
        {
            Ranks = [.. solved.Select(hit => new QueryRanks(hit ? 10 : 11))],
        };
}
