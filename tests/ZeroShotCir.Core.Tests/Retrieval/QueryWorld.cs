using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tests.Galleries;

namespace ZeroShotCir.Tests.Retrieval;

/// <summary>A gallery whose item n has n % 4 captions, and the encoder of everything in it.</summary>
internal sealed class QueryWorld
{
    public const int Dimensions = 16;

    public QueryWorld(int count)
    {
        string[][] captions = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, i % 4).Select(j => $"caption {j} of {i}").ToArray())];
        Gallery = Gallery.FromEmbeddings(
            [.. Enumerable.Range(0, count).Select(i => $"image-{i}")],
            EmbeddingMatrix.FromRows([.. Enumerable.Range(0, count).Select(i => Encoder.Image(Picture(i)))]),
            CaptionEmbeddings.FromCounts(EmbeddingMatrix.FromRows([.. captions.SelectMany(texts => texts).Select(Encoder.Text)]), [.. captions.Select(texts => texts.Length)]),
            captions);
    }

    public FakeEncoder Encoder { get; } = new(Dimensions);

    public Gallery Gallery { get; }

    public static byte[] Picture(int item) => System.Text.Encoding.UTF8.GetBytes($"picture {item}");
}
