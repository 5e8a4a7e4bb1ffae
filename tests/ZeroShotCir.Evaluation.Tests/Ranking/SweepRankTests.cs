using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Ranking;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Tests.Ranking;

/// <summary>
/// A sweep counts piece by piece, and leaves out what is decided; a list of all images is sorted. Both put a target at the same place,
/// in a gallery of several pieces with equal images, and images without captions.
/// </summary>
public sealed class SweepRankTests
{
    private const int Images = 4001;
    private const int Dimensions = 12;
    private static readonly string[] Names = [.. Enumerable.Range(0, Images).Select(i => $"{i}")];

    [Theory]
    [InlineData("weighted", Scoring.Paper)]
    [InlineData("weighted", Scoring.PublishedCode)]
    [InlineData("slerp", Scoring.Paper)]
    [InlineData("product", Scoring.Paper)]
    public void A_target_has_the_place_that_the_sorted_list_gives_it(string strategy, Scoring scoring)
    {
        EvaluationRunner runner = Runner();
        double[] alphas = [0, 0.35, 1], betas = [0, 0.05, 0.2, 0.5, 0.65, 0.9, 0.95, 1];
        IReadOnlyList<EvaluationSetting> grid = Sweep.Grid(new EvaluationSetting { Scoring = scoring }, alphas, betas, [StrategyTable.Parse(strategy)]);
        IReadOnlyList<EvaluationResult> results = runner.Evaluate(grid, cancellationToken: TestContext.Current.CancellationToken);
        for (int setting = 0; setting < grid.Count; setting++)
        {
            AssertPlaces(runner, grid[setting], results[setting]);
        }
    }

    [Theory]
    [InlineData("weighted")]
    [InlineData("product")]
    [InlineData("hadamard")]
    public void Queries_need_not_have_as_many_captions_as_the_gallery(string strategy)
    {
        int[] counts = [.. Names.Select((_, i) => i % 3 == 1 ? 2 : 1)];
        EvaluationRunner runner = Runner(counts).Select(query => query.Reference != Names[3] && counts[Array.IndexOf(Names, query.Reference)] == 1);
        EvaluationSetting setting = new() { Scoring = Scoring.PublishedCode, Beta = 0.5, Fusion = StrategyTable.Parse(strategy) };
        EvaluationResult result = runner.Evaluate(setting, TestContext.Current.CancellationToken);
        AssertPlaces(runner, setting, result);
    }

    private static void AssertPlaces(EvaluationRunner runner, EvaluationSetting setting, EvaluationResult result)
    {
        IReadOnlyList<QueryRanking> sorted = runner.Rank(setting, Images, TestContext.Current.CancellationToken);
        for (int query = 0; query < sorted.Count; query++)
        {
            string target = runner.Queries[query].Target!;
            int place = 1 + sorted[query].Hits.TakeWhile(hit => Names[hit.Ordinal] != target).Count();
            Assert.Equal(place, result.Ranks[query].Target);
        }
    }

    private static EvaluationRunner Runner(IReadOnlyList<int>? captionCounts = null)
    {
        Random random = new(5);
        EmbeddingMatrix images = Draw(random, Images, equal: 7);
        int[] targets = [0, 7, GroupScores.PieceLength - 1, GroupScores.PieceLength, GroupScores.PieceLength + 1, Images - 1];
        EvaluationQuery[] queries = [.. targets.Select((target, i) => new EvaluationQuery($"{i}", Names[target / 2], ["", ""]) { Target = Names[target] })];
        EmbeddingMatrix[] captions = [Draw(random, Images, equal: 7), Draw(random, Images, equal: 7)];
        EvaluationDataset dataset = new("fashioniq", "val", [.. Names.Select(name => new GalleryImage(name, name))], queries);
        EmbeddingMatrix texts = Draw(random, queries.Length, equal: 1);
        return new EvaluationRunner(dataset, new EvaluationFeatures("random", Names, images, captions, [3, 9, 1600, 3999], texts) { CaptionCounts = captionCounts });
    }

    // Rows of a group are equal, so that many scores are.
    private static EmbeddingMatrix Draw(Random random, int rows, int equal)
    {
        float[][] distinct = [.. Enumerable.Range(0, (rows + equal - 1) / equal).Select(_ => Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        return EmbeddingMatrix.FromRows([.. Enumerable.Range(0, rows).Select(row => distinct[row % distinct.Length])]);
    }
}
