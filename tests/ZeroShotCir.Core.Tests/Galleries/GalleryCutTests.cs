using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Imaging;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Tests.Galleries;

/// <summary>Embeddings whose leading components are an embedding, too.</summary>
public sealed class GalleryCutTests : IDisposable
{
    private const int Whole = 16, Part = 5;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_gallery_that_is_cut_finds_what_one_of_the_cut_model_finds()
    {
        Nested whole = new(Whole), part = new(Part);
        Gallery cut = (await BuildAsync(whole, "whole")).Cut(Part);
        Gallery own = await BuildAsync(part, "part");

        Assert.Equal(own.Model, cut.Model! with { Reading = own.Model!.Reading });
        Assert.Equal(Part, cut.Dimensions);
        foreach (double beta in (double[])[0, 0.4, 1])
        {
            ComposedQuery query = new() { ReferenceId = "3.png", Text = "red", Beta = beta };
            RetrievalRanking expected = await new ComposedImageRetriever(own, part, part).SearchAsync(query, 20, Token);
            RetrievalRanking actual = await new ComposedImageRetriever(cut, part, part).SearchAsync(query, 20, Token);
            Assert.Equal(20, expected.Count);
            Assert.Equal(expected.Select(result => result.Id), actual.Select(result => result.Id));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5f));
        }

        Assert.Throws<InvalidGalleryException>(() => new ComposedImageRetriever(cut, whole, whole));
    }

    [Fact]
    public async Task Only_a_model_that_is_trained_for_it_is_cut_and_never_made_longer()
    {
        Gallery gallery = await BuildAsync(new Nested(Whole), "whole");
        Assert.Same(gallery, gallery.Cut(Whole));
        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.Cut(Whole + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => gallery.Cut(0));
        Assert.Equal("nested@4", gallery.Cut(Part).Cut(4).Model!.ImageModelId);
        FakeEncoder other = new(Whole);
        InvalidGalleryException refusal = Assert.Throws<InvalidGalleryException>(
            () => Gallery.FromEmbeddings(["a"], EmbeddingMatrix.FromRows([other.Text("a")]), model: GalleryModel.FromEncoders(other)).Cut(4));
        Assert.Contains("'fake'", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidEmbeddingException>(
            () => Gallery.FromEmbeddings(["a"], EmbeddingMatrix.FromRows([[0, 0, 1]]), model: new GalleryModel("n", null, 3) { CanBeCut = true }).Cut(2));
    }

    private async Task<Gallery> BuildAsync(Nested encoder, string name)
    {
        string folder = _folder.File(name);
        GalleryBuilder builder = new(encoder, encoder);
        GallerySource[] sources = [.. Enumerable.Range(0, 20).Select(i =>
        {
            File.WriteAllText(_folder.File($"{i}.png"), $"picture {i}");
            return new GallerySource($"{i}.png", _folder.File($"{i}.png")) { Captions = [.. Enumerable.Range(0, i % 3).Select(j => $"caption {j} of {i}")] };
        })];
        await builder.BuildAsync(folder, sources, cancellationToken: Token);
        return Gallery.Open(folder);
    }

    /// <summary>The leading components of a longer embedding, of unit length.</summary>
    private sealed class Nested(int dimensions) : IImageEncoder, ITextEncoder
    {
        private readonly FakeEncoder _whole = new(Whole);

        public EncoderInfo Info { get; } = new(dimensions == Whole ? "nested" : EncoderInfo.NameOfCut("nested", dimensions), dimensions, isUnitLength: true) { CanBeCut = true };

        public ValueTask EncodeAsync(IReadOnlyList<ImageData> images, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. images.Select(image => _whole.Image(image.Data.Span))], destination);

        public ValueTask EncodeAsync(IReadOnlyList<string> texts, Memory<float> destination, CancellationToken cancellationToken = default)
            => Write([.. texts.Select(_whole.Text)], destination);

        private ValueTask Write(float[][] rows, Memory<float> destination)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                UnitVector.Normalize(rows[i].AsSpan(0, dimensions), destination.Span.Slice(i * dimensions, dimensions));
            }

            return ValueTask.CompletedTask;
        }
    }
}
