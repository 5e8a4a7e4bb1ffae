using System.Collections;
using System.Globalization;
using System.Text;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Tests.Galleries;
using ZeroShotCir.Tests.Usage;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>How searching behaves in a program that does other things too. The environment variable sets how many searches.</summary>
[Collection(RunsAlone.Name)]
public sealed class SearchInHostTests
{
    private const string CountVariable = "ZEROSHOTCIR_SEARCHES";
    private const int Dimensions = 16;
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "10000", CultureInfo.InvariantCulture);
    private static readonly CompositionStrategy[] Strategies = [.. new[] { "weighted", "slerp", "hadamard", "centred", "late-cdf", "product" }.Select(StrategyTable.Parse)];
    private readonly FakeEncoder _encoder = new(Dimensions);

    [Fact]
    public async Task Searching_takes_no_more_memory_from_day_to_day()
    {
        ComposedImageRetriever retriever = new(World(60), _encoder, _encoder, new RetrievalOptions { MaxIndexes = 3 });
        await SearchAsync(retriever, Count / 10);
        long managed = GC.GetTotalMemory(forceFullCollection: true);

        await SearchAsync(retriever, Count);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 256 * 1024);
    }

    [Fact]
    public async Task A_search_by_ids_alone_leaves_the_callers_thread()
    {
        ComposedImageRetriever retriever = new(World(60), null, null);
        using ManualResetEventSlim released = new();
        ComposedQuery[] batch = [new() { ReferenceId = "image-1" }, new() { ReferenceId = "image-2", ExcludedIds = new HeldIds(released) }];

        // Were the work done on this thread, the call would wait for what comes after it.
        Task<IReadOnlyList<RetrievalRanking>> search = retriever.SearchAsync(batch, 3, TestContext.Current.CancellationToken);
        Assert.False(search.IsCompleted);
        released.Set();

        Assert.All(await search, hits => Assert.Equal(3, hits.Count));
    }

    private async Task SearchAsync(ComposedImageRetriever retriever, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ComposedQuery query = new()
            {
                ReferenceId = string.Create(CultureInfo.InvariantCulture, $"image-{i % 60}"),
                Text = string.Create(CultureInfo.InvariantCulture, $"text {i}"),
                Beta = i / 200 % 7 / 10.0, // More weights than indexes are kept.
                Strategy = Strategies[i % Strategies.Length],
                ExcludedIds = ["image-3"],
            };
            Assert.Equal(5, (await retriever.SearchAsync(query, 5, TestContext.Current.CancellationToken)).Count);
        }
    }

    private Gallery World(int count) => Gallery.FromEmbeddings(
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"image-{i}"))],
        EmbeddingMatrix.FromRows([.. Enumerable.Range(0, count).Select(i => _encoder.Image(Encoding.UTF8.GetBytes($"picture {i}")))]),
        CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows([.. Enumerable.Range(0, count).Select(i => _encoder.Text($"caption {i}"))]), [.. Enumerable.Repeat(1, count)]));

    private sealed class HeldIds(ManualResetEventSlim released) : IReadOnlyCollection<string>
    {
        public int Count => 1;

        public IEnumerator<string> GetEnumerator()
        {
            Assert.True(released.Wait(TimeSpan.FromSeconds(60)), "The caller never came to release it.");
            yield return "image-7";
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
