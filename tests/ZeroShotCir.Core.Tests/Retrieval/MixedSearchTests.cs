using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Retrieval;

public sealed class MixedSearchTests
{
    private readonly QueryWorld _world = new(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MissingCaptions.ImageOnly)]
    [InlineData(MissingCaptions.EmptyText)]
    public async Task Scores_without_a_folded_copy_are_those_with_one(MissingCaptions missing)
    {
        ComposedImageRetriever folding = Retriever(missing, folds: true), mixing = Retriever(missing, folds: false);
        GallerySelection few = _world.Gallery.Select(ordinal => ordinal % 5 != 2);
        foreach (string strategy in new[] { "weighted", "slerp", "centred" })
        {
            foreach (double weight in new[] { 0, 0.05, 0.1, 0.5, 0.95, 1 })
            {
                ComposedQuery query = new() { ReferenceId = "image-3", Text = "red", Strategy = StrategyTable.Parse(strategy), Beta = weight, ExcludeReference = true };
                await AssertEqual(query, folding, mixing);
                await AssertEqual(query with { Selection = few, Count = 7 }, folding, mixing);
                RetrievalRanking all = await mixing.SearchAsync(query, 60, Token);
                Assert.Equal(4, (await mixing.SearchAsync(query with { MinScore = all[3].Score }, 60, Token)).Count);
            }
        }
    }

    [Fact]
    public async Task A_batch_of_weights_finds_what_each_query_finds_alone_to_the_bit()
    {
        ComposedImageRetriever mixing = Retriever(MissingCaptions.ImageOnly, folds: false);
        GallerySelection few = _world.Gallery.Select(ordinal => ordinal % 5 != 2), fewer = _world.Gallery.Select(ordinal => ordinal < 7);
        ComposedQuery[] queries =
        [
            .. Enumerable.Range(0, 40).Select(i => new ComposedQuery
            {
                ReferenceId = $"image-{i}",
                Text = $"text {i % 7}",
                Beta = i / 40.0,
                Selection = i % 3 == 0 ? few : i % 3 == 1 ? fewer : null,
            }),
        ];

        IReadOnlyList<RetrievalRanking> together = await mixing.SearchAsync(queries, 9, Token);

        for (int i = 0; i < queries.Length; i++)
        {
            Assert.Equal((await mixing.SearchAsync(queries[i], 9, Token)).Select(hit => (hit.Id, hit.Score)), together[i].Select(hit => (hit.Id, hit.Score)));
        }
    }

    [Fact]
    public async Task An_item_without_captions_scores_the_same_for_every_weight_to_the_bit()
    {
        ComposedImageRetriever mixing = Retriever(MissingCaptions.ImageOnly, folds: false);
        float[] scores = new float[5];
        for (int i = 0; i < scores.Length; i++)
        {
            ComposedQuery query = new() { Text = "red", Beta = 0.15 + (0.2 * i) };
            scores[i] = (await mixing.SearchAsync(query, 60, Token)).Single(hit => hit.Id == "image-8").Score;
        }

        Assert.Single(scores.Distinct());
    }

    private static async Task AssertEqual(ComposedQuery query, ComposedImageRetriever folding, ComposedImageRetriever mixing)
    {
        RetrievalRanking expected = await folding.SearchAsync(query, 60, Token), found = await mixing.SearchAsync(query, 60, Token);
        Assert.Equal(expected.Count, found.Count);
        Dictionary<string, float> scores = found.ToDictionary(hit => hit.Id, hit => hit.Score);
        Assert.All(expected, hit => Assert.Equal(hit.Score, scores[hit.Id], 2e-6f));
        Assert.Equal(found.Select(hit => hit.Score).OrderDescending(), found.Select(hit => hit.Score));
    }

    private ComposedImageRetriever Retriever(MissingCaptions missing, bool folds)
        => new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { MissingCaptions = missing, FoldOtherBetas = folds, MaxIndexes = 16 });
}
