using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests;

/// <summary>
/// What is measured is what is searched with: for every strategy, scoring, rule for missing captions and world, the retriever over a
/// gallery finds what the evaluator ranks, with the same scores.
/// </summary>
public sealed class TheoremTests(ITestOutputHelper output, TheoremWorlds worlds) : IClassFixture<TheoremWorlds>
{
    private const double Tolerance = 2e-6;

    public static TheoryData<string, string> Worlds
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string strategy in StrategyTable.Names)
            {
                // What an encoder gave is kept as direction and length, and where items tie, the rounding of their product decides ranks.
                foreach (string world in TheoremWorlds.Names.Where(world => world != "ties" || strategy != "rrf"))
                {
                    data.Add(strategy, world);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task A_retriever_finds_what_the_evaluator_ranks(string strategy, string kind)
    {
        TheoremWorld world = await worlds.GetAsync(kind);
        double worst = 0;
        int compared = 0;
        foreach (Scoring scoring in Enum.GetValues<Scoring>())
        {
            foreach (MissingCaptions missing in Enum.GetValues<MissingCaptions>())
            {
                foreach (bool normalize in strategy == "weighted" ? (bool[])[true, false] : [true])
                {
                    foreach ((double alpha, double beta) in ((double, double)[])[(0.8, 0.1), (0.3, 0), (0.5, 1), (0.45, 0.6)])
                    {
                        EvaluationSetting setting = new()
                        {
                            Fusion = StrategyTable.Parse(strategy),
                            Alpha = alpha,
                            Beta = beta,
                            Scoring = scoring,
                            MissingCaptions = missing,
                            NormalizeInputs = normalize,
                        };
                        (int count, double difference) = await CompareAsync(world, setting);
                        compared += count;
                        worst = Math.Max(worst, difference);
                    }
                }
            }
        }

        output.WriteLine($"{strategy}, {kind}: {compared} scores, largest difference {worst:e1}");
        Assert.True(compared > 0 || world.Lacks(strategy));
    }

    private static async Task<(int Compared, double Worst)> CompareAsync(TheoremWorld world, EvaluationSetting setting)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        ComposedImageRetriever retriever = world.Retriever(setting.Scoring, setting.MissingCaptions);
        ComposedQuery[] queries = [.. Enumerable.Range(0, world.Queries).Select(query => world.Query(query, setting.Strategy, setting.Beta))];
        IReadOnlyList<QueryRanking> expected;
        try
        {
            expected = world.Runner.Rank(setting, world.Gallery.Count, token);
        }
        catch (Exception e) when (e is InvalidEmbeddingException or InvalidTermsException or ArgumentException)
        {
            // What one side refuses, the other does.
            Exception? refused = await Record.ExceptionAsync(() => retriever.SearchAsync(queries, world.Gallery.Count, token));
            Assert.True(refused is InvalidEmbeddingException or InvalidQueryException, $"The evaluator says '{e.Message}', the retriever {refused?.Message ?? "nothing"}.");
            return (0, 0);
        }

        IReadOnlyList<IReadOnlyList<RetrievalResult>> batch = await retriever.SearchAsync(queries, world.Gallery.Count, token);
        double worst = 0;
        int compared = 0;
        for (int query = 0; query < queries.Length; query++)
        {
            RetrievalRanking alone = await retriever.SearchAsync(queries[query], world.Gallery.Count, token);
            Assert.Equal(batch[query].Select(result => (result.Id, result.Score)), alone.Select(result => (result.Id, result.Score)));
            worst = Math.Max(worst, Compare(world, expected[query], alone, $"{setting}, query {query}"));
            compared += alone.Count;
        }

        return (compared, worst);
    }

    private static double Compare(TheoremWorld world, QueryRanking expected, RetrievalRanking actual, string where)
    {
        Assert.Equal(expected.Hits.Count, actual.Count);
        Dictionary<string, float> scores = expected.Hits.ToDictionary(hit => world.Runner.GalleryNames[hit.Ordinal], hit => hit.Score);
        double worst = 0;
        for (int place = 0; place < actual.Count; place++)
        {
            float score = scores[actual[place].Id];
            double scale = Math.Max(1, Math.Abs(score));
            double difference = Math.Abs(score - actual[place].Score) / scale;
            Assert.True(difference <= Tolerance, $"{where}: '{actual[place].Id}' has {actual[place].Score}, the evaluator says {score}");
            worst = Math.Max(worst, difference);
            string wanted = world.Runner.GalleryNames[expected.Hits[place].Ordinal];
            Assert.True(
                wanted == actual[place].Id || Math.Abs(expected.Hits[place].Score - score) <= 2 * Tolerance * scale,
                $"{where}: place {place} is '{actual[place].Id}', the evaluator says '{wanted}'");
            if (place > 0 && actual[place].Score == actual[place - 1].Score)
            {
                Assert.True(
                    actual[place].Item.Ordinal > actual[place - 1].Item.Ordinal,
                    $"{where}: equal scores, ordinals {actual[place - 1].Item.Ordinal} and {actual[place].Item.Ordinal}");
            }
        }

        return worst;
    }
}
