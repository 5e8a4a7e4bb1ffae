using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Tests.Galleries.Indexing;

/// <summary>Large files are read when they are encoded; what happened to them meanwhile makes no picture a broken one.</summary>
public sealed class ChangingFileTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FakeEncoder _encoder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_large_file_that_changes_before_it_is_read_is_tried_again()
    {
        GallerySource[] sources = [new("small", _temporary.File("small.png")), new("large", _temporary.File("large.png"))];
        File.WriteAllText(sources[0].Path, "a picture");
        File.WriteAllBytes(sources[1].Path, new byte[(1 << 20) + 1]); // Files of this size are not held.

        // Two files written within one step of the file system's clock may have equal times.
        await Task.Delay(50, Token);
        GalleryBuildResult result = await BuildAsync(new WritingEncoder(_encoder, sources[1].Path));
        Assert.Equal("large", Assert.Single(result.Failed).Id);
        Assert.Contains("changed", result.Failed[0].Message, StringComparison.Ordinal);
        Assert.Equal(1, result.Count);

        result = await BuildAsync(_encoder);
        Assert.Equal((1, 1, 0, 2), (result.Added, result.Unchanged, result.KnownFailed.Count, result.Count));

        Task<GalleryBuildResult> BuildAsync(IImageEncoder encoder)
            => new GalleryBuilder(encoder, _encoder, null).BuildAsync(_temporary.File("gallery"), sources, null, Token);
    }

    /// <summary>Adds to a file before it encodes it.</summary>
    private sealed class WritingEncoder(FakeEncoder inner, string path) : IImageEncoder
    {
        public EncoderInfo Info => inner.Info;

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
        {
            if (images.Any(image => image.Source == path))
            {
                File.AppendAllText(path, "more");
            }

            return inner.EncodeAsync(images, destination, cancellationToken);
        }
    }
}
