using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Tests.Stores;

namespace ZeroShotCir.Tests.Galleries.Stores;

/// <summary>Replicas that are slow, gone, partial, old, or of another folding: what is told is whole wherever one of them is.</summary>
public sealed class ReplicatedGalleryStoreTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly float[] Query = [1, 0.5f, 0];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_replica_is_overtaken_left_alone_and_asked_last_for_a_while()
    {
        Replica slow = await Replica.CreateAsync(isHeld: true), quick = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([slow, quick], new ReplicatedStoreOptions { HedgeDelay = TimeSpan.FromMilliseconds(20), Cooldown = Never });

        StoreAnswer answer = await store.FindAsync(Query, 2, cancellationToken: Cancellation);
        Assert.Equal(["a", "b"], answer.Hits.Select(hit => hit.Item.Id));
        Assert.Empty(answer.Missing);
        await slow.Canceled.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        await store.FindAsync(Query, 2, cancellationToken: Cancellation);
        Assert.Equal((1, 2), (slow.Searches, quick.Searches));
    }

    [Fact]
    public async Task A_quick_replica_is_asked_alone()
    {
        Replica first = await Replica.CreateAsync(), second = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([first, second], new ReplicatedStoreOptions { HedgeDelay = TimeSpan.MaxValue });
        for (int i = 0; i < 5; i++)
        {
            await store.FindAsync(Query, 2, cancellationToken: Cancellation);
        }

        Assert.Equal((5, 0), (first.Searches, second.Searches));
    }

    [Fact]
    public async Task One_that_fails_is_followed_by_the_next_at_once_and_comes_back()
    {
        Replica broken = await Replica.CreateAsync(), whole = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([broken, whole], new ReplicatedStoreOptions { HedgeDelay = Never, Cooldown = TimeSpan.FromMilliseconds(50) });
        await store.GetDescriptionAsync(Cancellation);
        broken.Failure = new IOException("the node is away");

        Assert.Equal("a", (await store.FindAsync(Query, 1, cancellationToken: Cancellation)).Hits[0].Item.Id);
        Assert.Equal("b", (await store.GetAsync(["b"], Cancellation))[0]!.Id);
        Assert.Equal(3, await store.CountAsync(Cancellation));

        broken.Failure = null;
        await Task.Delay(100, Cancellation);
        int before = broken.Searches;
        await store.FindAsync(Query, 1, cancellationToken: Cancellation);
        Assert.Equal(before + 1, broken.Searches);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 3, 1)]
    public async Task A_whole_answer_goes_before_a_partial_one_and_the_one_that_lacks_less_otherwise(int first, int second, int lacking)
    {
        Replica one = await Replica.CreateAsync(), other = await Replica.CreateAsync();
        one.Missing = [.. Enumerable.Repeat("a shard", first)];
        other.Missing = [.. Enumerable.Repeat("a shard", second)];
        ReplicatedGalleryStore store = new([one, other], new ReplicatedStoreOptions { HedgeDelay = Never });
        Assert.Equal(lacking, (await store.FindAsync(Query, 2, cancellationToken: Cancellation)).Missing.Count);
    }

    [Fact]
    public async Task When_all_fail_the_first_says_why()
    {
        Replica one = await Replica.CreateAsync(), other = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([one, other]);
        await store.GetDescriptionAsync(Cancellation);
        (one.Failure, other.Failure) = (new IOException("first"), new IOException("second"));
        Assert.Equal("first", (await Assert.ThrowsAsync<IOException>(async () => await store.FindAsync(Query, 2, cancellationToken: Cancellation))).Message);
    }

    [Fact]
    public async Task Rows_of_another_folding_are_not_mixed_in_and_an_older_state_says_so()
    {
        Replica gone = await Replica.CreateAsync(generation: 5);
        Replica refolded = await Replica.CreateAsync(beta: 0.9, generation: 5);
        Replica old = await Replica.CreateAsync(generation: 3);
        ReplicatedGalleryStore store = new([gone, refolded, old], new ReplicatedStoreOptions { HedgeDelay = Never });
        Assert.Equal(0.1, (await store.GetDescriptionAsync(Cancellation))!.Beta);
        gone.Failure = new IOException("the node is away");

        StoreAnswer answer = await store.FindAsync(Query, 2, cancellationToken: Cancellation);
        Assert.Equal(0, refolded.Searches);
        Assert.Contains("generation 3", Assert.Single(answer.Missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_caller_cancels_ends_though_no_replica_does()
    {
        ReplicatedGalleryStore store = new([await Replica.CreateAsync(isHeld: true, ignoresCancellation: true)]);
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.FindAsync(Query, 2, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task Callers_who_go_away_say_nothing_of_the_replica_that_they_asked()
    {
        Replica first = await Replica.CreateAsync(isHeld: true), second = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([first, second], new ReplicatedStoreOptions { HedgeDelay = Never, Cooldown = Never });
        for (int i = 0; i < 2; i++)
        {
            using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(50));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.FindAsync(Query, 2, cancellationToken: stop.Token));
        }

        Assert.Equal((2, 0), (first.Searches, second.Searches));
    }

    [Fact]
    public async Task Another_folding_that_is_written_is_the_one_that_is_searched()
    {
        ReplicatedGalleryStore store = new([await Replica.CreateAsync(), await Replica.CreateAsync()]);
        StoreDescription before = (await store.GetDescriptionAsync(Cancellation))!;
        await store.SetDescriptionAsync(new StoreDescription(3, 0.4) { Model = before.Model, Rows = 3, KeepsParts = true, Generation = 1 }, Cancellation);

        Assert.Equal(2, (await store.FindAsync(Query, 2, cancellationToken: Cancellation)).Hits.Count);
        Assert.Equal(0.4, (await store.GetDescriptionAsync(Cancellation))!.Beta);
    }

    [Fact]
    public async Task A_description_that_was_written_before_the_write_failed_is_the_one_that_is_searched()
    {
        Replica replica = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([replica]);
        StoreDescription before = (await store.GetDescriptionAsync(Cancellation))!;
        replica.LostReply = new IOException("the reply was lost");
        StoreDescription next = new(3, 0.4) { Model = before.Model, Rows = 3, KeepsParts = true, Generation = 1 };
        await Assert.ThrowsAsync<IOException>(async () => await store.SetDescriptionAsync(next, Cancellation));

        Assert.Equal(2, (await store.FindAsync(Query, 2, cancellationToken: Cancellation)).Hits.Count);
    }

    [Fact]
    public async Task What_is_written_is_written_to_all_and_what_one_alone_can_is_not_offered()
    {
        Replica one = await Replica.CreateAsync(), other = await Replica.CreateAsync();
        ReplicatedGalleryStore store = new([one, other]);
        await store.UpsertAsync([new StoreRow(new GalleryItem("d"), new float[] { 0, 0, 1 })], Cancellation);
        await store.DeleteAsync(["a"], Cancellation);
        foreach (Replica replica in new[] { one, other })
        {
            Assert.Equal([false, true], (await replica.GetAsync(["a", "d"], Cancellation)).Select(row => row is not null));
        }

        Assert.Null(store.GetService(typeof(IStoreDigests)));
        Assert.Same(store, store.GetService(typeof(ReplicatedGalleryStore)));
        Assert.Throws<ArgumentException>(() => new ReplicatedGalleryStore([]));
    }

    private sealed class Replica(MemoryStore store, bool isHeld, bool ignoresCancellation) : IGalleryStore
    {
        private readonly TaskCompletionSource _canceled = new();

        public Task Canceled => _canceled.Task;

        public int Searches { get; private set; }

        public Exception? Failure { get; set; }

        public Exception? LostReply { get; set; }

        public IReadOnlyList<string> Missing
        {
            set => store.Missing = value;
        }

        public string Name => store.Name;

        public bool IsExact => true;

        public static async Task<Replica> CreateAsync(bool isHeld = false, double beta = 0.1, long generation = 0, bool ignoresCancellation = false)
        {
            Gallery gallery = Gallery.FromEmbeddings(["a", "b", "c"], EmbeddingMatrix.FromRows([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), model: new GalleryModel("m", "m", 3));
            MemoryStore store = await MemoryStore.CreateAsync(gallery, beta, cancellationToken: Cancellation);
            await store.SetDescriptionAsync(new StoreDescription(3, beta) { Model = gallery.Model, Rows = 3, KeepsParts = true, Generation = generation }, Cancellation);
            return new Replica(store, isHeld, ignoresCancellation);
        }

        // Before anything is awaited, as a client does that knows its node to be away.
        public ValueTask<StoreDescription?> GetDescriptionAsync(CancellationToken cancellationToken = default)
            => Failure is null ? store.GetDescriptionAsync(cancellationToken) : throw Failure;

        public async ValueTask SetDescriptionAsync(StoreDescription description, CancellationToken cancellationToken = default)
        {
            await store.SetDescriptionAsync(description, cancellationToken);
            if (LostReply is not null)
            {
                throw LostReply;
            }
        }

        public ValueTask UpsertAsync(IReadOnlyList<StoreRow> rows, CancellationToken cancellationToken = default) => store.UpsertAsync(rows, cancellationToken);

        public ValueTask DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) => store.DeleteAsync(ids, cancellationToken);

        public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => Failure is null ? store.CountAsync(cancellationToken) : throw Failure;

        public ValueTask<IReadOnlyList<StoreRow?>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
            => Failure is null ? store.GetAsync(ids, cancellationToken) : throw Failure;

        public async ValueTask<StoreAnswer> FindAsync(
            ReadOnlyMemory<float> vector, int k, GalleryFilter? filter = null, bool includeVectors = false, CancellationToken cancellationToken = default)
        {
            Searches++;
            if (isHeld)
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, ignoresCancellation ? CancellationToken.None : cancellationToken);
                }
                finally
                {
                    _canceled.TrySetResult();
                }
            }

            return await store.FindAsync(vector, k, filter, includeVectors, cancellationToken);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => store.GetService(serviceType, serviceKey);
    }
}
