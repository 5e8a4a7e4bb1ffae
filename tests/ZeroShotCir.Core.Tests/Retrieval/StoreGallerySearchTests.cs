using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Galleries;
using ZeroShotCir.Tests.Stores;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>A retriever over a store finds what a retriever over the gallery finds, or says that it may not have.</summary>
public sealed class StoreGallerySearchTests
{
    private const double Weight = 0.3;
    private readonly QueryWorld _world = new(400);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, double> Strategies
    {
        get
        {
            TheoryData<string, double> data = [];
            foreach (string name in StrategyTable.Names.Where(IsForStores))
            {
                data.Add(name, Weight);
                data.Add(name, 0);
                data.Add(name, 0.6);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task Every_strategy_finds_in_a_store_what_it_finds_in_the_gallery(string name, double weight)
    {
        MemoryStore store = await MemoryStore.CreateAsync(_world.Gallery, Weight, cancellationToken: Token);
        ComposedQuery[] queries = [.. Enumerable.Range(0, 6).Select(i => Query(StrategyTable.Parse(name), i) with { Beta = weight })];
        IReadOnlyList<RetrievalRanking> expected = await Local().SearchAsync(queries, 10, Token);

        // As deep as the gallery everything comes back, and the scores are those of the gallery.
        IReadOnlyList<RetrievalRanking> whole = await Remote(store, new StoreSearchOptions { MinCandidates = 401 }).SearchAsync(queries, 10, Token);
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.False(whole[i].Statistics.IsApproximate);
            Equal(expected[i], whole[i], 2e-6);
        }

        // Those that rank all items by a similarity need all of them.
        if (name is "rrf" or "list-union" or "gmixer")
        {
            await Refused("ranks all items", store, queries[0], new StoreSearchOptions { MinCandidates = 60, OverFetch = 6 });
            return;
        }

        // Less deep, what is found has the very same scores, and the result says how deep it looked.
        IReadOnlyList<RetrievalRanking> some = await Remote(store, new StoreSearchOptions { MinCandidates = 60, OverFetch = 6 }).SearchAsync(queries, 10, Token);
        bool isFolded = StrategyTable.Parse(name) is LinearStrategy && weight == Weight;
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.Equal(!isFolded, some[i].Statistics.IsApproximate);
            Assert.Equal(isFolded ? null : 60, some[i].Statistics.Depth);
            RetrievalRanking all = await Local().SearchAsync(queries[i], 400, Token);
            Dictionary<string, float> scores = all.ToDictionary(result => result.Id, result => result.Score);
            Assert.All(some[i], result => Assert.InRange(result.Score - scores[result.Id], -5e-6, 5e-6));
        }
    }

    [Fact]
    public async Task A_store_that_rounds_is_asked_for_more_and_scored_again()
    {
        MemoryStore store = await MemoryStore.CreateAsync(_world.Gallery, Weight, isExact: false, cancellationToken: Token);
        ComposedQuery query = Query(StrategyTable.Parse("weighted"), 3) with { Beta = Weight };
        RetrievalRanking found = await Remote(store).SearchAsync(query, 10, Token);
        Equal(await Local().SearchAsync(query, 10, Token), found, 1e-6);
        Assert.Equal(200, store.Deepest);
        Assert.True(found.Statistics.IsApproximate);
        Assert.Equal((200, 200L), (found.Statistics.Depth!.Value, found.Statistics.Rescored!.Value));
    }

    [Fact]
    public async Task Filters_left_out_items_and_a_minimum_hold_in_a_store()
    {
        MemoryStore store = await MemoryStore.CreateAsync(_world.Gallery, Weight, cancellationToken: Token);
        foreach (string name in (string[])["slerp", "late-cdf"])
        {
            ComposedQuery query = Query(StrategyTable.Parse(name), 3) with
            {
                Beta = Weight,
                Filter = GalleryFilter.Where("id", FilterOperator.Contains, "7"),
                ExcludedIds = ["image-7", "image-77"],
                ExcludeReference = true,
            };
            RetrievalRanking expected = await Local().SearchAsync(query, 5, Token);
            RetrievalRanking found = await Remote(store).SearchAsync(query, 5, Token);
            Equal(expected, found, 2e-6);
            RetrievalRanking best = await Remote(store).SearchAsync(query with { MinScore = found[2].Score }, 5, Token);
            Assert.Equal(found.Take(3).Select(result => result.Id), best.Select(result => result.Id));
        }
    }

    [Fact]
    public async Task What_a_store_did_not_look_at_is_said()
    {
        MemoryStore store = await MemoryStore.CreateAsync(_world.Gallery, Weight, cancellationToken: Token);
        store.Missing = ["Shard 2 of 3 did not answer."];
        foreach (string name in (string[])["slerp", "product"])
        {
            RetrievalRanking found = await Remote(store).SearchAsync(Query(StrategyTable.Parse(name), 3) with { Beta = Weight }, 5, Token);
            Assert.True(found.Statistics.IsApproximate);
            Assert.Equal(store.Missing, found.Statistics.Missing);
        }
    }

    [Fact]
    public async Task What_a_store_cannot_answer_is_refused()
    {
        MemoryStore bare = await MemoryStore.CreateAsync(_world.Gallery, Weight, keepsParts: false, cancellationToken: Token);
        ComposedQuery query = Query(StrategyTable.Parse("product"), 3) with
        {
            ReferenceId = null,
            ImageEmbedding = _world.Encoder.Image(QueryWorld.Picture(3)),
            Beta = Weight,
        };
        await Refused("parts", bare, query);
        await Refused("parts", bare, query with { Strategy = StrategyTable.Parse("slerp"), Beta = 0 });
        await Refused("folded vector", bare, query with { Strategy = StrategyTable.Parse("slerp"), ImageEmbedding = default, ReferenceId = "image-3" });
        await Refused("space", bare, query with { Strategy = StrategyTable.Parse("centred") });
        await Refused("before it composes", bare, query with { Strategy = StrategyTable.Parse("prf") });
        MemoryStore unmeasured = await MemoryStore.CreateAsync(_world.Gallery, Weight, measures: false, cancellationToken: Token);
        await Refused("mean and covariance", unmeasured, query with { Strategy = StrategyTable.Parse("late-cdf") });
        await Assert.ThrowsAsync<ArgumentException>(
            () => Remote(bare).SearchAsync(query with { Strategy = StrategyTable.Parse("slerp"), Selection = _world.Gallery.Select(_ => true) }, 5, Token));
        await Assert.ThrowsAsync<UnknownItemException>(() => Remote(bare).SearchAsync(query with { ImageEmbedding = default, ReferenceId = "nobody" }, 5, Token));
        await Assert.ThrowsAsync<InvalidGalleryException>(() => Remote(new MemoryStore()).SearchAsync(query, 5, Token));
        ComposedImageRetriever other = new(new StoreGallerySearch(bare), null, new FakeEncoder(8));
        await Assert.ThrowsAsync<InvalidEmbeddingException>(() => other.SearchAsync(new ComposedQuery { Text = "red" }, 5, Token));
        ComposedImageRetriever emptyText = new(new StoreGallerySearch(bare), null, _world.Encoder, new RetrievalOptions { MissingCaptions = MissingCaptions.EmptyText });
        await Assert.ThrowsAsync<InvalidGalleryException>(() => emptyText.SearchAsync(new ComposedQuery { Text = "red" }, 5, Token));
    }

    [Fact]
    public async Task A_retriever_over_an_exact_search_is_the_retriever_over_its_gallery()
    {
        ComposedImageRetriever over = new(new ExactGallerySearch(_world.Gallery), _world.Encoder, _world.Encoder);
        foreach (string name in StrategyTable.Names.Where(name => name is not ("joint" or "basic")))
        {
            ComposedQuery query = Query(StrategyTable.Parse(name), 9);
            Assert.Equal(
                (await Local().SearchAsync(query, 20, Token)).Select(result => (result.Item.Ordinal, result.Score)),
                (await over.SearchAsync(query, 20, Token)).Select(result => (result.Item.Ordinal, result.Score)));
        }

        Assert.Same(_world.Gallery, over.Gallery);
        Assert.Same(_world.Gallery, over.GetService(typeof(Gallery)));
        Assert.NotNull(over.GetService(typeof(ExactGallerySearch)));
        Assert.Same(_world.Encoder, over.GetService(typeof(FakeEncoder)));
        Assert.Null(over.GetService(typeof(MemoryStore)));
        MemoryStore store = await MemoryStore.CreateAsync(_world.Gallery, Weight, cancellationToken: Token);
        Assert.Same(store, Remote(store).GetService(typeof(MemoryStore)));
        Assert.NotNull(Remote(store).GetService(typeof(Dictionary<string, StoreRow>)));
    }

    [Fact]
    public async Task An_exact_search_says_how_it_searched_and_gives_rows()
    {
        ExactGallerySearch search = new(_world.Gallery);
        QueryVectors composed = await Local().ComposeAsync(Query(StrategyTable.Parse("slerp"), 4) with { Beta = Weight }, Token);
        GallerySearchResult result = (await search.SearchAsync([new GallerySearchRequest(composed, 7) { IncludeRows = true }], Token))[0];
        Assert.False(result.Statistics.IsApproximate);
        Assert.Equal(400, result.Statistics.Scanned);
        Assert.EndsWith("f32", result.Statistics.Engine, StringComparison.Ordinal);
        Assert.Equal(7, result.Hits.Count);
        foreach (GalleryHit hit in result.Hits)
        {
            double score = hit.Row!.Vector.ToArray().Zip(composed.Vectors.Values.ToArray(), (x, y) => (double)x * y).Sum();
            Assert.Equal(score, hit.Score, 1e-6);
            Assert.Equal(_world.Gallery.CaptionCountOf(hit.Item.Ordinal) == 0, hit.Row.Captions.IsEmpty);
        }
    }

    [Fact]
    public void Moments_give_the_mean_and_the_variance_of_every_vectors_similarities()
    {
        Random random = new(7);
        float[][] rows = [.. Enumerable.Range(0, 90).Select(_ => Enumerable.Range(0, 12).Select(i => (float)(random.NextDouble() - 0.3)).ToArray())];
        RowMoments first = new(12), second = new(12);
        foreach ((float[] row, int i) in rows.Select((row, i) => (row, i)))
        {
            (i % 3 == 0 ? first : second).Add(row);
        }

        first.Add(second);
        first.Add(rows[0]);
        first.Remove(rows[0]);
        float[] vector = [.. Enumerable.Range(0, 12).Select(i => (float)Math.Sin(i))];
        double[] products = [.. rows.Select(row => row.Zip(vector, (x, y) => (double)x * y).Sum())];
        double mean = products.Average();
        Assert.Equal(90, first.Count);
        Assert.Equal(mean, first.MeanOf(vector), 1e-12);
        Assert.Equal(products.Sum(product => (product - mean) * (product - mean)) / 89, first.VarianceOf(vector, 1), 1e-12);
        Assert.Throws<InvalidEmbeddingException>(() => first.Add(new float[11]));
    }

    private static void Equal(RetrievalRanking expected, RetrievalRanking actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int place = 0; place < expected.Count; place++)
        {
            Assert.InRange(actual[place].Score - expected[place].Score, -tolerance, tolerance);
            Assert.True(
                actual[place].Id == expected[place].Id || expected.Any(result => result.Id == actual[place].Id && Math.Abs(result.Score - expected[place].Score) <= 2 * tolerance),
                $"place {place}: '{actual[place].Id}' instead of '{expected[place].Id}'");
        }
    }

    // Not those that need a model that composes, or a projection, or the items beforehand.
    private static bool IsForStores(string name) => name is not ("joint" or "basic" or "prf") && StrategyTable.Parse(name).Space == CompositionSpace.Embedding;

    private async Task Refused(string reason, MemoryStore store, ComposedQuery query, StoreSearchOptions? options = null)
    {
        InvalidQueryException refusal = await Assert.ThrowsAsync<InvalidQueryException>(() => Remote(store, options).SearchAsync(query, 5, Token));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static ComposedQuery Query(CompositionStrategy strategy, int item) => new()
    {
        Strategy = strategy,
        ReferenceId = strategy.Accepts(TermRole.Image) ? $"image-{(item * 4) + 3}" : null,
        Text = strategy.Accepts(TermRole.Text) ? "in red" : null,
        TargetDescriptions = strategy.Roles.Contains(TermRole.TargetDescription) ? ["a red dress"] : [],
        MustHave = strategy.Roles.Contains(TermRole.MustHave) ? ["long sleeves"] : [],
        MustNot = strategy.Roles.Contains(TermRole.MustNot) ? ["dots"] : [],
    };

    private ComposedImageRetriever Local() => new(_world.Gallery, _world.Encoder, _world.Encoder);

    private ComposedImageRetriever Remote(MemoryStore store, StoreSearchOptions? options = null) => new(new StoreGallerySearch(store, options), _world.Encoder, _world.Encoder);
}
