using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Metrics;

namespace ZeroShotCir.Tests.Ranking;

/// <summary>Queries with and without targets and subsets, side by side.</summary>
public sealed class SubsetRankTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 40).Select(i => $"{i}")];

    [Fact]
    public void What_lacks_a_target_is_not_found_and_what_lacks_a_subset_has_no_place_in_it()
    {
        EvaluationQuery[] queries =
        [
            new("both", "0", ["text"]) { Target = "3", Subset = ["3", "8", "11", "29"] },
            new("no target", "1", ["text"]) { Subset = ["3", "8", "11", "29"] },
            new("no subset", "2", ["text"]) { Target = "17" },
            new("neither", "5", ["text"]) { GroundTruths = ["9", "20"] },
            new("target last", "6", ["text"]) { Target = "39", Subset = ["4", "38", "39"] },
        ];
        Random random = new(2);
        EvaluationRunner runner = new(
            new EvaluationDataset("fashioniq", "val", [.. Names.Select(name => new GalleryImage(name, name))], queries),
            new EvaluationFeatures("random", Names, Draw(random, Names.Length), [Draw(random, Names.Length)], [], Draw(random, queries.Length)));
        IReadOnlyList<EvaluationSetting> grid = Sweep.Grid(new EvaluationSetting(), [0.2, 0.8], [0, 0.4, 1]);
        IReadOnlyList<EvaluationResult> results = runner.Evaluate(grid, cancellationToken: TestContext.Current.CancellationToken);
        for (int setting = 0; setting < grid.Count; setting++)
        {
            IReadOnlyList<QueryRanking> lists = runner.Rank(grid[setting], Names.Length, TestContext.Current.CancellationToken);
            IReadOnlyList<QueryRanks> ranks = results[setting].Ranks;
            Assert.Equal(PlaceIn(lists[0], "3", queries[0].Subset), ranks[0].Subset);
            Assert.Equal((QueryRanks.NotFound, QueryRanks.NotFound), (ranks[1].Target, ranks[1].Subset));
            Assert.Equal((PlaceIn(lists[2], "17", Names), 0), (ranks[2].Target, ranks[2].Subset));
            Assert.Equal((QueryRanks.NotFound, 0), (ranks[3].Target, ranks[3].Subset));
            Assert.Equal(PlaceIn(lists[4], "39", queries[4].Subset), ranks[4].Subset);
            Assert.Equal(
                [PlaceIn(lists[3], "9", Names), PlaceIn(lists[3], "20", Names)],
                ranks[3].Relevant.ToArray().OrderBy(rank => rank == PlaceIn(lists[3], "9", Names) ? 0 : 1));
        }
    }

    private static int PlaceIn(QueryRanking list, string target, IEnumerable<string> members)
        => 1 + list.Hits.Select(hit => Names[hit.Ordinal]).Where(members.Contains).TakeWhile(name => name != target).Count();

    private static EmbeddingMatrix Draw(Random random, int rows)
        => EmbeddingMatrix.FromRows([.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, 8).Select(_ => random.NextSingle() - 0.5f).ToArray())]);
}
