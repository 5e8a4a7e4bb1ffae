using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Retrieval;

public sealed class ItemSetsTests
{
    private const int Items = 20_000;
    private const int Dimensions = 8;

    /// <summary>Far below a list of the items, or of how many captions they have.</summary>
    private const long LittleForAQuery = Items;

    [Theory]
    [InlineData("late-cdf", 1)]
    [InlineData("late-cdf", 4)]
    [InlineData("weighted", 1)]
    public void Another_query_with_the_same_items_finds_out_nothing_anew(string strategy, int paths)
    {
        Random random = new(3);
        float[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => Vector(random))];
        int[] counts = [.. Enumerable.Range(0, Items).Select(i => i % 4)];
        Gallery gallery = Gallery.FromEmbeddings(
            [.. Enumerable.Range(0, Items).Select(i => $"{i}")],
            EmbeddingMatrix.FromRows(Rows(Items)),
            CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows(Rows(counts.Sum())), counts));

        // Another weight than the folded one, so that linear queries are mixed.
        ExactGallerySearch search = new(gallery) { OnlyFolded = 0.1 };
        GallerySelection selection = gallery.Select(i => i % 3 != 1);
        CompositionStrategy parsed = StrategyTable.Parse(strategy);
        GallerySearchRequest[] requests =
        [
            .. Enumerable.Range(0, 10)
                .Select(_ => new QueryVectors(parsed, 0.4, Enumerable.Range(0, paths).Select(_ => Terms(random))))
                .Select(query => new GallerySearchRequest(query, 5) { Selection = selection }),
        ];

        // What other tests take out of the shared pools has to be made anew now and then: the least of several rounds counts.
        long least = Enumerable.Range(0, 8).Min(_ => Allocated(requests) - Allocated(requests[..2]));
        Assert.InRange(least, long.MinValue, 8 * LittleForAQuery);

        long Allocated(GallerySearchRequest[] some)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            search.Search(some, TestContext.Current.CancellationToken);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static TermSet Terms(Random random) => new TermSet(Dimensions).Add(TermRole.Image, Vector(random)).Add(TermRole.Text, Vector(random));

    private static float[] Vector(Random random) => [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.4f)];
}
