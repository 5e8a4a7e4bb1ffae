using System.Globalization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Galleries.Indexing;

/// <summary>Pictures that lie in several places are encoded once, whatever batches they come in.</summary>
public sealed class EncodedContentsTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(1, 4)]
    [InlineData(5, 3)]
    [InlineData(64, 1)]
    public async Task Copies_are_encoded_once_and_have_the_same_row(int batchSize, int concurrency)
    {
        // Sixty files of eleven contents, so that batches hold copies of each other's.
        GallerySource[] sources = Files(60, i => $"picture {i * 7 % 11}");

        GalleryBuildResult result = await new GalleryBuilder(new LateEncoder(_encoder), null, new GalleryBuilderOptions { BatchSize = batchSize, MaxConcurrency = concurrency })
            .BuildAsync(_temporary.File("gallery"), sources, null, Token);

        Assert.Equal((60, 49, 11), (result.Added, result.Duplicates, _encoder.ImagesEncoded));
        Gallery gallery = Gallery.Open(_temporary.File("gallery"));
        GalleryState.AssertEqual(
            [.. sources.Select(source => new GalleryEntry(source.Id, _encoder.Image(File.ReadAllBytes(source.Path))))], gallery);
    }

    [Fact]
    public async Task Copies_of_what_cannot_be_encoded_fail_each_by_its_own_name()
    {
        GallerySource[] sources = Files(12, i => i % 3 == 0 ? "bad picture" : $"picture {i % 2}");

        GalleryBuildResult result = await new GalleryBuilder(_encoder, null, new GalleryBuilderOptions { BatchSize = 2, MaxConcurrency = 3 })
            .BuildAsync(_temporary.File("gallery"), sources, null, Token);

        Assert.Equal(4, result.Failed.Count);
        Assert.All(result.Failed, failure => Assert.Contains(sources.Single(source => source.Id == failure.Id).Path, failure.Message, StringComparison.Ordinal));
        Assert.Equal((8, 2), (result.Added, _encoder.ImagesEncoded));
    }

    [Fact]
    public async Task An_encoder_that_breaks_ends_the_run_and_lets_nobody_wait()
    {
        GallerySource[] sources = Files(40, i => $"picture {i % 4}");
        await Assert.ThrowsAsync<NotSupportedException>(() => new GalleryBuilder(
            new BreakingEncoder(_encoder), null, new GalleryBuilderOptions { BatchSize = 3, MaxConcurrency = 4 })
            .BuildAsync(_temporary.File("gallery"), sources, null, Token).WaitAsync(TimeSpan.FromSeconds(60), Token));
    }

    [Fact]
    public async Task The_earliest_of_very_many_contents_are_forgotten()
    {
        const int Dimensions = 1 << 22;
        EncodedContents contents = new(Dimensions); // Room for four.
        for (int i = 0; i < 6; i++)
        {
            string content = i.ToString(CultureInfo.InvariantCulture);
            Assert.True(contents.TryBegin(content, out _));
            contents.End(content, new float[1]);
        }

        Assert.True(contents.TryBegin("0", out _));
        Assert.False(contents.TryBegin("5", out Task<ReadOnlyMemory<float>?>? earlier));
        Assert.Equal(1, (await earlier!)!.Value.Length);
    }

    private GallerySource[] Files(int count, Func<int, string> content)
    {
        Directory.CreateDirectory(_temporary.File("images"));
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                string path = _temporary.File("images", i.ToString("D4", CultureInfo.InvariantCulture));
                File.WriteAllText(path, content(i));
                return new GallerySource($"id {i}", path);
            }),
        ];
    }

    /// <summary>Takes now longer, now shorter.</summary>
    private sealed class LateEncoder(FakeEncoder inner) : IImageEncoder
    {
        private int _calls;

        public EncoderInfo Info => inner.Info;

        public async ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Interlocked.Increment(ref _calls) % 3 == 1 ? 20 : 1, cancellationToken);
            await inner.EncodeAsync(images, destination, cancellationToken);
        }
    }

    private sealed class BreakingEncoder(FakeEncoder inner) : IImageEncoder
    {
        public EncoderInfo Info => inner.Info;

        public async ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            await Task.Delay(5, cancellationToken);
            throw new NotSupportedException("Broken.");
        }
    }
}
