using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tests.Usage;

namespace ZeroShotCir.Tests.Galleries;

/// <summary>What galleries leave behind in the memory of a process.</summary>
[Collection(RunsAlone.Name)]
public sealed class GalleryMemoryTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    private string Folder => _temporary.Of("gallery");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Searching_and_opening_again_and_again_takes_no_more_memory()
    {
        _temporary.Write("a", "photos", "a.png");
        _temporary.Write("b", "photos", "b.png");
        GalleryScan scan = GalleryScan.Read(Folder, [new NamedFolder(_temporary.Of("photos"))], cancellationToken: TestContext.Current.CancellationToken);
        await new GalleryBuilder(_encoder, _encoder).BuildAsync(scan, cancellationToken: TestContext.Current.CancellationToken);
        float[] query = _encoder.Image("a"u8);
        Search(1000, 10);
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        int maps = Maps();
        Search(1000, 10);

        // A thousand galleries that stay would be several times as much.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - managed, long.MinValue, 2 << 20);
        Assert.InRange(Maps() - maps, int.MinValue, 1000);

        void Search(int opens, int searches)
        {
            SearchHit[] hits = new SearchHit[2];
            for (int i = 0; i < opens; i++)
            {
                Gallery gallery = Gallery.Open(Folder);
                ExactIndex index = gallery.CreateIndex(0.1);
                for (int j = 0; j < searches; j++)
                {
                    Assert.Equal(2, index.Search(query, hits, gallery.Scope()).Found);
                }
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
        }

        static int Maps() => OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps").Count() : 0;
    }
}
