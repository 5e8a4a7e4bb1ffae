using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Stores;

/// <summary>
/// A made-up gallery of a given size: images around centers of a space of few dimensions, as embeddings of a model lie, each with two
/// captions near it, and a color; and queries near the images.
/// </summary>
internal sealed class CurveWorld
{
    public const double Beta = 0.1;
    private const int Intrinsic = 24;
    private const int Centers = 400;
    private const int Wanted = 10;

    private CurveWorld(Gallery gallery, float[][] queries)
    {
        Gallery = gallery;
        Queries = queries;
        ExactIndex index = gallery.CreateIndex(Beta);
        SearchHit[] hits = new SearchHit[Wanted];
        Best = [.. queries.Select(query =>
        {
            index.Search(query, hits);
            return hits.Select(hit => gallery.IdOf(hit.Ordinal)).ToHashSet();
        })];
    }

    public Gallery Gallery { get; }

    public float[][] Queries { get; }

    /// <summary>The ten best of each query, by the exact index.</summary>
    public HashSet<string>[] Best { get; }

    public static CurveWorld Create(int count, int dimensions, int queries = 200)
    {
        Random random = new(1);
        float[][] basis = [.. Enumerable.Range(0, Intrinsic).Select(_ => Gaussian(random, dimensions))];
        float[][] centers = [.. Enumerable.Range(0, Centers).Select(_ => Gaussian(random, Intrinsic))];
        EmbeddingMatrix images = EmbeddingMatrix.Allocate(count, dimensions, out Memory<float> imageValues);
        EmbeddingMatrix captions = EmbeddingMatrix.Allocate(2 * count, dimensions, out Memory<float> captionValues);
        for (int i = 0; i < count; i++)
        {
            Span<float> image = imageValues.Span.Slice(i * dimensions, dimensions);
            Item(random, basis, centers, image);
            for (int j = 0; j < 2; j++)
            {
                Span<float> caption = captionValues.Span.Slice(((2 * i) + j) * dimensions, dimensions);
                float[] noise = Gaussian(random, dimensions);
                float scale = 0.8f / MathF.Sqrt(dimensions);
                for (int d = 0; d < dimensions; d++)
                {
                    caption[d] = image[d] + (scale * noise[d]);
                }
            }
        }

        string[] colors = ["red", "blue", "green", "white", "black"];
        Gallery gallery = Gallery.FromEmbeddings(
            [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"folder-{i % 97}/image-{i:0000000}.jpg"))],
            images,
            CaptionEmbeddings.FromCounts(captions, [.. Enumerable.Repeat(2, count)]),
            metadata: [.. Enumerable.Range(0, count).Select(i => new Dictionary<string, string> { ["color"] = colors[i % colors.Length] })]);
        return new CurveWorld(gallery, [.. Enumerable.Range(0, queries).Select(_ =>
        {
            float[] query = new float[dimensions];
            Item(random, basis, centers, query);
            return query;
        })]);
    }

    private static void Item(Random random, float[][] basis, float[][] centers, Span<float> item)
    {
        float[] center = centers[random.Next(centers.Length)];
        float[] spread = Gaussian(random, Intrinsic);
        float[] noise = Gaussian(random, item.Length);
        double square = 0;
        for (int d = 0; d < item.Length; d++)
        {
            float value = 0.1f * noise[d];
            for (int k = 0; k < Intrinsic; k++)
            {
                value += (center[k] + (0.6f * spread[k])) * basis[k][d] / MathF.Sqrt(Intrinsic);
            }

            item[d] = value;
            square += value * value;
        }

        float scale = (float)(1 / Math.Sqrt(square));
        for (int d = 0; d < item.Length; d++)
        {
            item[d] *= scale;
        }
    }

    private static float[] Gaussian(Random random, int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
