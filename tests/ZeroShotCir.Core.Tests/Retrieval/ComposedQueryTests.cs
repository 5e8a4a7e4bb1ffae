using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>Whatever a query may say beside a reference and a text.</summary>
public sealed class ComposedQueryTests
{
    private readonly QueryWorld _world = new(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_expression_is_the_signed_sum_of_unit_vectors()
    {
        ComposedImageRetriever retriever = Retriever();
        IReadOnlyList<RetrievalResult> found = await retriever.SearchAsync(
            new ComposedQuery
            {
                ReferenceId = "image-3",
                Text = "red",
                Terms = [QueryTerm.FromImage(ImageData.FromBytes(QueryWorld.Picture(7)))],
                Expression = CompositionExpression.Parse("image + 2:\"dog\" - 0.5:image2 - text"),
                Beta = 0,
            },
            60,
            Token);
        (double Weight, float[] Vector)[] terms =
        [
            (1, _world.Encoder.Image(QueryWorld.Picture(3))),
            (2, _world.Encoder.Text("dog")),
            (-0.5, _world.Encoder.Image(QueryWorld.Picture(7))),
            (-1, _world.Encoder.Text("red")),
        ];
        double[] scores = [.. Enumerable.Range(0, 60).Select(n => terms.Sum(term => term.Weight * Cosine(term.Vector, _world.Encoder.Image(QueryWorld.Picture(n)))))];
        Assert.Equal(Enumerable.Range(0, 60).OrderByDescending(n => scores[n]).Select(n => $"image-{n}"), found.Select(result => result.Id));
        Assert.All(found, result => Assert.Equal(scores[result.Item.Ordinal], result.Score, 1e-5));
    }

    [Theory]
    [InlineData("weighted")]
    [InlineData("product")]
    public async Task A_minimum_is_inclusive_and_comes_before_the_count(string strategy)
    {
        ComposedImageRetriever retriever = Retriever();
        ComposedQuery query = new() { ReferenceId = "image-3", Text = "red", Strategy = StrategyTable.Parse(strategy) };
        RetrievalRanking all = await retriever.SearchAsync(query, 60, Token);
        ComposedQuery demanding = query with { MinScore = all[4].Score };
        Assert.Equal(all.Take(5).Select(result => result.Id), (await retriever.SearchAsync(demanding, 60, Token)).Select(result => result.Id));
        Assert.Equal(
            all.Skip(1).Take(2).Select(result => result.Id),
            (await retriever.SearchAsync(demanding with { Count = 2, ExcludedIds = [all[0].Id] }, 60, Token)).Select(result => result.Id));
        Assert.Empty(await retriever.SearchAsync(query with { MinScore = all[0].Score + 1 }, 60, Token));
    }

    [Theory]
    [InlineData(Scoring.Paper)]
    [InlineData(Scoring.PublishedCode)]
    public async Task A_batch_of_all_kinds_finds_what_each_query_finds_alone_to_the_bit(Scoring scoring)
    {
        ComposedImageRetriever retriever = Retriever(new RetrievalOptions { Scoring = scoring, MaxIndexes = 16 });
        GallerySelection odd = _world.Gallery.Select(ordinal => ordinal % 2 == 1);
        string[] strategies = ["weighted", "slerp", "late-cdf", "product", "soft", "centred"];
        ComposedQuery[] queries = [.. Enumerable.Range(0, 256).Select(i => new ComposedQuery
        {
            ReferenceId = $"image-{i % 60}",
            Text = $"text {i % 11}",
            Strategy = StrategyTable.Parse(strategies[i % strategies.Length]).WithAlpha(i % 5 / 4.0),
            Beta = i % 3 / 4.0,
            Count = 1 + (i % 17),
            Selection = i % 4 == 0 ? odd : null,
            ExcludedIds = i % 7 == 0 ? [$"image-{(i + 1) % 60}", "image-9"] : [],
            ExcludeReference = i % 2 == 0,
            MinScore = i % 13 == 0 ? 0.1 : null,
        })];
        IReadOnlyList<IReadOnlyList<RetrievalResult>> together = await retriever.SearchAsync(queries, 10, Token);
        for (int i = 0; i < queries.Length; i++)
        {
            IReadOnlyList<RetrievalResult> alone = await retriever.SearchAsync(queries[i], 10, Token);
            Assert.Equal(alone.Select(result => (result.Rank, result.Id, result.Score)), together[i].Select(result => (result.Rank, result.Id, result.Score)));
        }

        Assert.Contains(together, results => results.Count == 17);
    }

    [Fact]
    public async Task Statistics_are_those_of_the_selection_before_single_items_are_left_out()
    {
        ComposedImageRetriever retriever = Retriever();
        GallerySelection few = _world.Gallery.Select(ordinal => ordinal < 9);
        ComposedQuery query = new() { ReferenceId = "image-3", Text = "red", Strategy = StrategyTable.Parse("late-cdf"), Beta = 0, Selection = few };
        IReadOnlyList<RetrievalResult> found = await retriever.SearchAsync(query, 60, Token);
        IReadOnlyList<RetrievalResult> without = await retriever.SearchAsync(query with { ExcludeReference = true }, 60, Token);
        QueryWorld small = new(9);
        IReadOnlyList<RetrievalResult> expected = await new ComposedImageRetriever(small.Gallery, small.Encoder, small.Encoder)
            .SearchAsync(query with { Selection = null }, 60, Token);
        Assert.Equal(expected.Select(result => (result.Id, result.Score)), found.Select(result => (result.Id, result.Score)));
        Assert.Equal(found.Where(result => result.Id != "image-3").Select(result => (result.Id, result.Score)), without.Select(result => (result.Id, result.Score)));
    }

    [Fact]
    public async Task A_filter_is_an_expression_of_fields()
    {
        string[] ids = [.. Enumerable.Range(0, 40).Select(i => $"image-{i}")];
        Gallery gallery = Gallery.FromEmbeddings(
            ids,
            EmbeddingMatrix.FromRows([.. Enumerable.Range(0, 40).Select(i => _world.Encoder.Image(QueryWorld.Picture(i)))]),
            metadata: [.. Enumerable.Range(0, 40).Select(
                i => i % 5 == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["price"] = $"{i}", ["kind"] = i % 2 == 0 ? "dress" : "shirt" })]);
        ComposedImageRetriever retriever = new(gallery, null, _world.Encoder);
        await AssertFoundAsync(GalleryFilter.Where("price", FilterOperator.Less, "9.5"), i => i % 5 != 0 && i < 10);
        await AssertFoundAsync(GalleryFilter.Where("price", FilterOperator.AtLeast, "33"), i => i % 5 != 0 && i >= 33);
        await AssertFoundAsync(GalleryFilter.Where("kind", FilterOperator.In, "dress", "hat"), i => i % 5 != 0 && i % 2 == 0);
        await AssertFoundAsync(GalleryFilter.Where("kind", FilterOperator.NotIn, "dress"), i => i % 5 != 0 && i % 2 == 1);
        await AssertFoundAsync(GalleryFilter.None(GalleryFilter.Where("kind", FilterOperator.Exists)), i => i % 5 == 0);
        await AssertFoundAsync(GalleryFilter.Where(GalleryFilter.IdField, FilterOperator.StartsWith, "image-3"), i => i is 3 or >= 30);
        await AssertFoundAsync(
            GalleryFilter.Any(
                GalleryFilter.All(GalleryFilter.Where("kind", FilterOperator.Contains, "res"), GalleryFilter.Where("price", FilterOperator.Greater, "30")),
                GalleryFilter.Where("id", FilterOperator.In, "image-0")),
            i => i == 0 || (i % 5 != 0 && i % 2 == 0 && i > 30));
        Assert.Throws<ArgumentException>("values", () => GalleryFilter.Where("price", FilterOperator.Less));
        Assert.Throws<ArgumentException>("filters", () => GalleryFilter.All());

        async Task AssertFoundAsync(GalleryFilter filter, Func<int, bool> expected)
        {
            GallerySelection even = gallery.Select(ordinal => ordinal % 2 == 0);
            ComposedQuery query = new() { Text = "x", Filter = filter };
            IReadOnlyList<IReadOnlyList<RetrievalResult>> found = await retriever.SearchAsync([query, query with { Selection = even }], 40, Token);
            Assert.Equal(Enumerable.Range(0, 40).Where(expected), found[0].Select(result => result.Item.Ordinal).Order());
            Assert.Equal(Enumerable.Range(0, 40).Where(i => i % 2 == 0 && expected(i)), found[1].Select(result => result.Item.Ordinal).Order());
        }
    }

    [Fact]
    public async Task A_describer_is_asked_where_descriptions_are_read_and_missing()
    {
        Describer describer = new();
        ComposedImageRetriever retriever = new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { DescriptionCount = 2 }, describer);
        ComposedQuery query = new() { ReferenceId = "image-7", Text = "in red", Strategy = StrategyTable.Parse("target") };
        IReadOnlyList<RetrievalResult> described = await retriever.SearchAsync(query, 10, Token);
        IReadOnlyList<RetrievalResult> given = await retriever.SearchAsync(query with { TargetDescriptions = ["0 in red", "1 in red"] }, 10, Token);
        await retriever.SearchAsync(query with { Strategy = null }, 10, Token);

        Assert.Equal(given.Select(result => (result.Id, result.Score)), described.Select(result => (result.Id, result.Score)));
        ComposedQuery asked = Assert.Single(describer.Asked);
        Assert.Equal(_world.Gallery.ItemAt(7).Captions, asked.ReferenceCaptions);
    }

    [Fact]
    public async Task A_verifier_reorders_the_first_hits_to_its_depth()
    {
        ComposedQuery query = new() { ReferenceId = "image-7", Text = "red" };
        IReadOnlyList<RetrievalResult> before = await Retriever().SearchAsync(query, 8, Token);
        Verifier verifier = new();
        ComposedImageRetriever retriever = new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { RerankDepth = 5 }, null, verifier, new Pictures());
        IReadOnlyList<RetrievalResult> after = await retriever.SearchAsync(query, 3, Token);

        Assert.Equal(before.Take(5).Reverse().Take(3).Select(result => result.Id), after.Select(result => result.Id));
        Assert.Equal([1, 2, 3], after.Select(result => result.Rank));
        Assert.All(after, result => Assert.NotNull(result.Fit));
        Assert.Equal(5, verifier.Seen.Count);
        Assert.Throws<ArgumentException>(() => new ComposedImageRetriever(_world.Gallery, null, null, new RetrievalOptions { RerankDepth = 1 }, null, verifier));
    }

    [Fact]
    public async Task A_reranker_orders_the_first_hits_at_once_and_the_others_keep_their_places()
    {
        ComposedQuery query = new() { ReferenceId = "image-7", Text = "red" };
        IReadOnlyList<RetrievalResult> before = await Retriever().SearchAsync(query, 8, Token);
        ComposedImageRetriever retriever = new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { RerankDepth = 4 }, null, new ThirdFirst(), new Pictures());

        IReadOnlyList<RetrievalResult> after = await retriever.SearchAsync(query, 8, Token);

        Assert.Equal([2, 0, 1, 3, 4, 5, 6, 7], after.Select(result => before.ToList().FindIndex(other => other.Id == result.Id)));
        Assert.All(after, result => Assert.Null(result.Fit));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_shown_keeps_its_place_and_is_named()
    {
        ComposedQuery query = new() { ReferenceId = "image-7", Text = "red" };
        RetrievalRanking before = await Retriever().SearchAsync(query, 8, Token);
        string missing = before[1].Id, unreadable = before[3].Id;
        Verifier verifier = new();
        Pictures pictures = new() { Missing = [missing], Unreadable = [unreadable] };
        ComposedImageRetriever retriever = new(_world.Gallery, _world.Encoder, _world.Encoder, new RetrievalOptions { RerankDepth = 5 }, null, verifier, pictures);

        RetrievalRanking after = await retriever.SearchAsync(query, 8, Token);

        Assert.Equal(((int[])[4, 1, 2, 3, 0, 5, 6, 7]).Select(place => before[place].Id), after.Select(result => result.Id));
        Assert.Equal(Enumerable.Range(1, 8), after.Select(result => result.Rank));
        Assert.Equal([true, false, true, false, true, false, false, false], after.Select(result => result.Fit is not null));
        Assert.Equal(3, verifier.Seen.Count);
        Assert.Equal(2, after.Statistics.Missing.Count);
        Assert.Contains($"'{missing}'", after.Statistics.Missing[0], StringComparison.Ordinal);
        Assert.Contains($"'{unreadable}'", after.Statistics.Missing[1], StringComparison.Ordinal);
        Assert.Equal(before.Statistics.Engine, after.Statistics.Engine);

        // Where nothing can be shown, nobody is asked.
        pictures.Missing = [.. before.Select(result => result.Id)];
        RetrievalRanking unseen = await retriever.SearchAsync(query, 8, Token);
        Assert.Equal(before.Select(result => result.Id), unseen.Select(result => result.Id));
        Assert.Equal((3, 5), (verifier.Seen.Count, unseen.Statistics.Missing.Count));
    }

    [Fact]
    public async Task The_composed_vector_scores_the_folded_rows()
    {
        ComposedImageRetriever retriever = Retriever();
        ComposedQuery query = new() { ReferenceId = "image-3", Text = "red", Strategy = StrategyTable.Parse("slerp"), Beta = 0.3 };
        ReadOnlyMemory<float> vector = (await retriever.ComposeAsync(query, Token)).Vectors.Memory;
        SearchHit[] hits = new SearchHit[10];
        _world.Gallery.CreateIndex(0.3).Search(vector.Span, hits);
        Assert.Equal((await retriever.SearchAsync(query, 10, Token)).Select(result => (result.Item.Ordinal, result.Score)), hits.Select(hit => (hit.Ordinal, hit.Score)));
        Assert.True((await retriever.ComposeAsync(query, Token)).IsOneVector);
        QueryVectors rowWise = await retriever.ComposeAsync(query with { Strategy = StrategyTable.Parse("product") }, Token);
        Assert.False(rowWise.IsOneVector);
        Assert.Equal(2, rowWise.Vectors.Rows);
    }

    [Fact]
    public void Queries_that_differ_in_any_term_have_different_names()
    {
        ComposedQuery plain = new() { Text = "red", Image = ImageData.FromBytes(new byte[] { 1 }) };
        ComposedQuery[] queries =
        [
            plain,
            plain with { Terms = [QueryTerm.FromText("blue")] },
            plain with { Terms = [QueryTerm.FromText("blue", -1)] },
            plain with { Terms = [QueryTerm.FromText("blue", role: TermRole.MustHave)] },
            plain with { Terms = [QueryTerm.FromItem("blue")] },
            plain with { Terms = [QueryTerm.FromImage(ImageData.FromBytes(new byte[] { 2 }))] },
            plain with { Terms = [QueryTerm.FromEmbedding(TermRole.Image, new float[] { 1 })] },
            plain with { MustHave = ["blue"] },
            plain with { MustNot = ["blue"] },
            plain with { TargetDescriptions = ["blue"] },
            plain with { ReferenceCaptions = ["blue"] },
            plain with { Expression = CompositionExpression.Parse("image + text") },
        ];
        Assert.Equal(queries.Length, queries.Select(query => QueryHash.Compute(query)).Distinct().Count());
    }

    private ComposedImageRetriever Retriever(RetrievalOptions? options = null) => new(_world.Gallery, _world.Encoder, _world.Encoder, options);

    private static double Cosine(float[] x, float[] y)
        => x.Zip(y, (a, b) => (double)a * b).Sum() / Math.Sqrt(x.Sum(a => (double)a * a) * y.Sum(b => (double)b * b));

    private sealed class Describer : ITargetDescriber
    {
        public List<ComposedQuery> Asked { get; } = [];

        public string DescriberId => "test";

        public ValueTask<IReadOnlyList<string>> DescribeAsync(ComposedQuery query, int count = 1, CancellationToken cancellationToken = default)
        {
            Asked.Add(query);
            return new([.. Enumerable.Range(0, count).Select(i => $"{i} {query.Text}")]);
        }
    }

    private sealed class Verifier : ITargetVerifier
    {
        public List<ImageData> Seen { get; } = [];

        public string VerifierId => "test";

        // Each fits better than the one before.
        public ValueTask<double> VerifyAsync(ComposedQuery query, ImageData candidate, CancellationToken cancellationToken = default)
        {
            Seen.Add(candidate);
            return new(Seen.Count / 10.0);
        }
    }

    private sealed class ThirdFirst : ITargetReranker
    {
        public string RerankerId => "test";

        public ValueTask<IReadOnlyList<RerankedCandidate>> RerankAsync(ComposedQuery query, IReadOnlyList<ImageData> candidates, CancellationToken cancellationToken = default)
            => new(CandidateOrder.Complete([2, 2], candidates.Count));
    }

    private sealed class Pictures : IImageSource
    {
        public IReadOnlyList<string> Missing { get; set; } = [];

        public IReadOnlyList<string> Unreadable { get; init; } = [];

        public ValueTask<ImageData?> GetImageAsync(string id, CancellationToken cancellationToken = default)
            => Missing.Contains(id) ? new((ImageData?)null)
            : Unreadable.Contains(id) ? throw new InvalidImageException("The file is empty.")
            : new(ImageData.FromBytes(QueryWorld.Picture(int.Parse(id[6..], System.Globalization.CultureInfo.InvariantCulture))));
    }
}
