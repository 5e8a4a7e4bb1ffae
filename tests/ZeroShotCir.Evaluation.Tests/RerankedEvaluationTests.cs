using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tests;

public sealed class RerankedEvaluationTests
{
    private const int Items = 40;
    private const int Queries = 25;
    private readonly EvaluationRunner _runner = World();
    private readonly EvaluationSetting _setting = new() { Alpha = 0.5, Beta = 0 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Any_new_order_ranks_as_a_list_in_that_order_does(int depth)
    {
        Random random = new(depth);
        Dictionary<string, string[]> lists = [];
        EvaluationResult result = await _runner.EvaluateAsync(
            _setting,
            depth,
            (ranking, _) =>
            {
                int[] order = [.. Enumerable.Range(0, ranking.Hits.Count)];
                random.Shuffle(order);
                lists[ranking.Query.Id] = [.. order.Select(position => _runner.GalleryNames[ranking.Hits[position].Ordinal])];
                return new(order);
            },
            null,
            Token);

        IReadOnlyList<QueryRanking> whole = _runner.Rank(_setting, Items, Token);
        for (int i = 0; i < Queries; i++)
        {
            EvaluationQuery query = whole[i].Query;
            string[] list = [.. lists[query.Id], .. whole[i].Hits.Skip(depth).Select(hit => _runner.GalleryNames[hit.Ordinal])];
            Assert.Equal(Items - 1, list.Distinct().Count());
            Assert.Equal(Array.IndexOf(list, query.Target) + 1, result.Ranks[i].Target);
            Assert.Equal(query.GroundTruths.Select(name => Array.IndexOf(list, name) + 1).Order(), result.Ranks[i].Relevant.ToArray());
            Assert.Equal(Array.IndexOf([.. list.Where(query.Subset.Contains)], query.Target) + 1, result.Ranks[i].Subset);
        }
    }

    [Fact]
    public async Task The_same_order_changes_nothing()
    {
        EvaluationResult before = _runner.Evaluate(_setting, Token);
        EvaluationResult after = await _runner.EvaluateAsync(_setting, 7, (ranking, _) => new([.. Enumerable.Range(0, ranking.Hits.Count)]), null, Token);

        Assert.Equal(before.Metrics, after.Metrics);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 1, 3)]
    [InlineData(0, 1, -1)]
    [InlineData(0, 1, 2, 2)]
    public async Task An_order_that_loses_an_image_is_refused(params int[] order)
        => await Assert.ThrowsAsync<ArgumentException>(() => _runner.EvaluateAsync(_setting, 3, (_, _) => new(order), null, Token));

    // The reference is taken out; every query has three right answers and a subset of five.
    private static EvaluationRunner World()
    {
        Random random = new(5);
        string[] names = [.. Enumerable.Range(0, Items).Select(i => $"image-{i}")];
        EvaluationQuery[] queries = [.. Enumerable.Range(0, Queries).Select(i =>
        {
            string[] others = [.. names.Where((_, n) => n != i)];
            random.Shuffle(others);
            return new EvaluationQuery($"{i}", names[i], ["text"]) { Target = others[0], GroundTruths = others[..3], Subset = [others[0], .. others[5..9]] };
        })];
        EvaluationDataset dataset = new("cirr", "val", [.. names.Select(name => new GalleryImage(name, "x.png"))], queries) { ExcludesReference = true };
        return new EvaluationRunner(dataset, new EvaluationFeatures("random", names, Rows(Items), [], [], Rows(Queries)));

        EmbeddingMatrix Rows(int count) => EmbeddingMatrix.FromRows(
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, 6).Select(_ => (float)random.NextDouble() - 0.5f).ToArray())]);
    }
}
