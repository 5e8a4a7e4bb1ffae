using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests;

/// <summary>What every store must do, whatever its engine: tested against brute force in double precision.</summary>
public abstract class GalleryStoreContract : IAsyncLifetime
{
    private protected const double Beta = 0.3;
    private const double Rounding = 2e-6;
    private readonly List<IAsyncDisposable> _opened = [];

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>How far a score of the engine may be off.</summary>
    private protected virtual double Precision => Rounding;

    public static TheoryData<string> FilterNames => [.. Filters.Keys];

    private static Dictionary<string, GalleryFilter> Filters { get; } = new()
    {
        ["in one"] = GalleryFilter.Where("color", FilterOperator.In, "red"),
        ["in odd ones"] = GalleryFilter.Where("color", FilterOperator.In, "rosé \"vif\"", "it's\\odd"),
        ["equal as text, not as number"] = GalleryFilter.Where("color", FilterOperator.In, "12"),
        ["not in"] = GalleryFilter.Where("color", FilterOperator.NotIn, "red", "12"),
        ["less"] = GalleryFilter.Where("price", FilterOperator.Less, "30"),
        ["at most, as text"] = GalleryFilter.Where("price", FilterOperator.AtMost, "on request"),
        ["greater"] = GalleryFilter.Where("price", FilterOperator.Greater, "9.5e1"),
        ["at least"] = GalleryFilter.Where("price", FilterOperator.AtLeast, "98"),
        ["starts with"] = GalleryFilter.Where(GalleryFilter.IdField, FilterOperator.StartsWith, "Ordner/Schöne"),
        ["contains"] = GalleryFilter.Where("color", FilterOperator.Contains, "é \""),
        ["exists, odd name"] = GalleryFilter.Where("größe, US_size", FilterOperator.Exists),
        ["empty, odd name"] = GalleryFilter.Where("größe, US_size", FilterOperator.In, ""),
        ["none of missing"] = GalleryFilter.None(GalleryFilter.Where("color", FilterOperator.In, "red"), GalleryFilter.Where("price", FilterOperator.Less, "50")),
        ["any of two fields"] = GalleryFilter.Any(GalleryFilter.Where("color", FilterOperator.In, "green"), GalleryFilter.Where("price", FilterOperator.AtLeast, "90")),
        ["any of one field"] = GalleryFilter.Any(GalleryFilter.Where("color", FilterOperator.In, "green"), GalleryFilter.Where("color", FilterOperator.In, "blue")),
        ["all of groups"] = GalleryFilter.All(
            GalleryFilter.Where("price", FilterOperator.Less, "70"),
            GalleryFilter.None(GalleryFilter.Where("color", FilterOperator.Exists)),
            GalleryFilter.Any(GalleryFilter.Where("price", FilterOperator.Greater, "5"), GalleryFilter.Where(GalleryFilter.IdField, FilterOperator.Contains, "日"))),
        ["nothing"] = GalleryFilter.Where("color", FilterOperator.In, "no such color"),
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable opened in _opened)
        {
            await opened.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Hits_and_scores_are_those_of_brute_force()
    {
        StoreWorld world = StoreWorld.Create();
        IGalleryStore store = await PushAsync(world, NewName());
        Assert.Equal(world.Gallery.Count, await store.CountAsync(Cancellation));
        foreach (float[] query in world.Queries)
        {
            StoreAnswer answer = await store.FindAsync(query, 10, cancellationToken: Cancellation);
            AssertSame(world.Best(query, 10, Beta), answer.Hits);
            Assert.Empty(answer.Missing);
        }

        // A query of another length ranks alike.
        float[] longer = [.. world.Queries[0].Select(value => value * 2.5f)];
        AssertSame(world.Best(longer, 10, Beta), (await store.FindAsync(longer, 10, cancellationToken: Cancellation)).Hits, 2.5);
    }

    [Fact]
    public async Task Every_row_comes_back_as_it_was_pushed()
    {
        StoreWorld world = StoreWorld.Create(seed: 2, count: 120);
        IGalleryStore store = await PushAsync(world, NewName());
        StoreRow[] rows = [.. world.Gallery.StoreRows(Beta)];
        IReadOnlyList<StoreRow?> found = await store.GetAsync([.. rows.Select(row => row.Id), "no such id"], Cancellation);
        Assert.Null(found[^1]);
        for (int i = 0; i < rows.Length; i++)
        {
            StoreRow row = Assert.IsType<StoreRow>(found[i]);
            Assert.Equal(rows[i].Id, row.Id);
            Assert.Equal(rows[i].Item.Captions, row.Item.Captions);
            Assert.Equal(rows[i].Item.Metadata.OrderBy(field => field.Key), row.Item.Metadata.OrderBy(field => field.Key));
            Assert.Equal(rows[i].Image.ToArray(), row.Image.ToArray());
            Assert.Equal(rows[i].Captions.ToArray(), row.Captions.ToArray());
            Assert.Equal(0, Distance(rows[i].Vector.Span, row.Vector.Span), Precision);
        }
    }

    [Theory]
    [MemberData(nameof(FilterNames))]
    public async Task A_filter_lets_through_what_it_matches(string name)
    {
        GalleryFilter filter = Filters[name];
        StoreWorld world = StoreWorld.Create(seed: 3, count: 150);
        IGalleryStore store = await PushAsync(world, "filters-" + GetType().Name);
        (string Id, double Score)[] all = world.Best(world.Queries[0], 150, Beta, filter);
        try
        {
            AssertSame(all, (await store.FindAsync(world.Queries[0], 150, filter, cancellationToken: Cancellation)).Hits);
            AssertSame([.. all.Take(3)], (await store.FindAsync(world.Queries[0], 3, filter, cancellationToken: Cancellation)).Hits);
        }
        catch (NotSupportedException exception)
        {
            Assert.True(MayRefuse(filter), $"The filter '{name}' was refused: {exception.Message}");
        }
    }

    [Fact]
    public async Task A_second_push_writes_what_differs_and_deletes_what_is_gone()
    {
        string name = NewName();
        StoreWorld world = StoreWorld.Create(seed: 4, count: 130);
        IGalleryStore store = await PushAsync(world, name);
        StoreWorld later = StoreWorld.Create(seed: 4, count: 130, changed: i => i is 7 or 8 or 30, left: i => i is 50 or 51);
        StorePushResult result = await Push(later).RunAsync(store, cancellationToken: Cancellation);
        if (store.GetService(typeof(IStoreDigests)) is not null)
        {
            Assert.Equal((3, 125, 2), (result.Written, result.Unchanged, result.Deleted));
            Assert.Equal(128, await store.CountAsync(Cancellation));
            AssertSame(later.Best(later.Queries[0], 20, Beta), (await store.FindAsync(later.Queries[0], 20, cancellationToken: Cancellation)).Hits);
        }

        StorePushResult again = await Push(later).RunAsync(store, cancellationToken: Cancellation);
        Assert.Equal(store.GetService(typeof(IStoreDigests)) is null ? 128 : 0, again.Written);
    }

    [Fact]
    public async Task A_push_that_is_cut_off_says_so_and_the_next_one_goes_on()
    {
        StoreWorld world = StoreWorld.Create(seed: 5, count: 200);
        IGalleryStore store = await OpenAsync(NewName());
        using CancellationTokenSource cut = new();
        StorePush push = new(world.Gallery, new StorePushOptions { Beta = Beta, BatchSize = 10 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => push.RunAsync(store, new Cut(60, cut), cut.Token));
        StoreAnswer answer = await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation);
        Assert.Contains("cut off", string.Concat(answer.Missing), StringComparison.Ordinal);
        StorePushResult result = await push.RunAsync(store, cancellationToken: Cancellation);
        if (store.GetService(typeof(IStoreDigests)) is not null)
        {
            Assert.InRange(result.Unchanged, 50, 150);
        }

        answer = await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation);
        Assert.Empty(answer.Missing);
        AssertSame(world.Best(world.Queries[0], 10, Beta), answer.Hits);
    }

    [Fact]
    public async Task Rows_of_another_model_or_dimension_are_refused_and_change_nothing()
    {
        StoreWorld world = StoreWorld.Create(seed: 6, count: 60);
        IGalleryStore store = await PushAsync(world, NewName());
        StoreWorld other = StoreWorld.Create(seed: 6, count: 60, changed: _ => true, model: "another model");
        InvalidGalleryException refused = await Assert.ThrowsAsync<InvalidGalleryException>(() => Push(other).RunAsync(store, cancellationToken: Cancellation));
        Assert.Contains("another model", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidGalleryException>(async () => await store.SetDescriptionAsync(new StoreDescription(StoreWorld.Dimensions + 1, Beta), Cancellation));
        StoreDescription reweighted = new(StoreWorld.Dimensions, 0.9) { Model = world.Gallery.Model, KeepsParts = true };
        await Assert.ThrowsAsync<InvalidGalleryException>(async () => await store.SetDescriptionAsync(reweighted, Cancellation));
        StoreAnswer answer = await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation);
        Assert.Empty(answer.Missing);
        AssertSame(world.Best(world.Queries[0], 10, Beta), answer.Hits);
    }

    [Fact]
    public async Task A_refold_serves_the_old_rows_until_the_new_ones_are_whole_and_goes_on_where_it_was_cut_off()
    {
        const double Other = 0.8;
        string name = NewName();
        StoreWorld world = StoreWorld.Create(seed: 7, count: 200);
        IGalleryStore store = await PushAsync(world, name);
        Assert.SkipWhen(store.GetService(typeof(IRefoldableStore)) is null, $"{store.Name} holds one folding only.");
        using CancellationTokenSource cut = new();
        StorePush refold = new(world.Gallery, new StorePushOptions { Beta = Other, BatchSize = 10 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refold.RunAsync(store, new Cut(90, cut), cut.Token));

        StoreAnswer old = await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation);
        Assert.Empty(old.Missing);
        AssertSame(world.Best(world.Queries[0], 10, Beta), old.Hits);

        // Another process goes on, and this one notices.
        IGalleryStore another = await OpenAsync(name);
        StorePushResult result = await refold.RunAsync(another, cancellationToken: Cancellation);
        Assert.True(result.IsRefolded);
        Assert.InRange(result.Unchanged, 70, 190);
        AssertSame(world.Best(world.Queries[0], 10, Other), (await another.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation)).Hits);
        AssertSame(world.Best(world.Queries[0], 10, Other), (await store.FindAsync(world.Queries[0], 10, cancellationToken: Cancellation)).Hits);
        Assert.Equal(Other, (await another.GetDescriptionAsync(Cancellation))!.Beta);
    }

    [Theory]
    [InlineData("weighted", Beta)]
    [InlineData("late-linear", Beta)]
    [InlineData("product", Beta)]
    [InlineData("late-cdf", 0.7)]
    public async Task Strategies_find_over_the_store_what_they_find_in_the_gallery(string strategy, double beta)
    {
        StoreWorld world = StoreWorld.Create(seed: 8, count: 150);
        IGalleryStore store = await PushAsync(world, "strategies-" + GetType().Name);
        RetrievalOptions options = new() { Strategy = StrategyTable.Parse(strategy), Beta = beta };
        ComposedImageRetriever local = new(world.Gallery, null, null, options);
        ComposedImageRetriever remote = new(new StoreGallerySearch(store, new StoreSearchOptions { MinCandidates = 150 }), null, null, options);
        for (int i = 0; i + 1 < 6; i++)
        {
            ComposedQuery query = new() { Terms = [QueryTerm.FromEmbedding(TermRole.Image, world.Queries[i]), QueryTerm.FromEmbedding(TermRole.Text, world.Queries[i + 1])] };
            IReadOnlyList<RetrievalResult> expected = await local.SearchAsync(query, 10, Cancellation);
            IReadOnlyList<RetrievalResult> found = await remote.SearchAsync(query, 10, Cancellation);
            AssertSame([.. expected.Select(result => (result.Id, (double)result.Score))], [.. found.Select(result => new StoreHit(new GalleryItem(result.Id), result.Score))], 8);
        }
    }

    /// <summary>Opens a store that holds what was pushed to the name before.</summary>
    private protected abstract Task<IGalleryStore> CreateAsync(string name);

    /// <summary>Whether the engine cannot express a filter, and says so.</summary>
    private protected virtual bool MayRefuse(GalleryFilter filter) => false;

    private protected async Task<IGalleryStore> OpenAsync(string name)
    {
        IGalleryStore store = await CreateAsync(name);
        if (store is IAsyncDisposable disposable)
        {
            _opened.Add(disposable);
        }

        return store;
    }

    private protected async Task<IGalleryStore> PushAsync(StoreWorld world, string name)
    {
        IGalleryStore store = await OpenAsync(name);
        await Push(world).RunAsync(store, cancellationToken: Cancellation);
        return store;
    }

    private protected static string NewName() => "t" + Guid.NewGuid().ToString("N")[..12];

    private protected static StorePush Push(StoreWorld world) => new(world.Gallery, new StorePushOptions { Beta = Beta, BatchSize = 50 });

    /// <summary>The same scores in the same order; items of equal scores may change places.</summary>
    private protected void AssertSame((string Id, double Score)[] expected, IReadOnlyList<StoreHit> hits, double scale = 1)
    {
        Assert.Equal(expected.Length, hits.Count);
        double tolerance = Precision * scale;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Score, hits[i].Score, tolerance);
        }

        Dictionary<string, double> scores = expected.ToDictionary(item => item.Id, item => item.Score);
        double last = expected.Length == 0 ? 0 : expected[^1].Score;
        foreach (StoreHit hit in hits)
        {
            Assert.True(
                scores.TryGetValue(hit.Item.Id, out double score) ? Math.Abs(score - hit.Score) <= tolerance : Math.Abs(last - hit.Score) <= tolerance,
                $"'{hit.Item.Id}' has {hit.Score}, expected {score}.");
        }
    }

    private protected static double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)x[i] - y[i]));
        }

        return largest;
    }

    private sealed class Cut(long after, CancellationTokenSource source) : IProgress<StorePushProgress>
    {
        public void Report(StorePushProgress value)
        {
            if (value.Done >= after)
            {
                source.Cancel();
            }
        }
    }
}
