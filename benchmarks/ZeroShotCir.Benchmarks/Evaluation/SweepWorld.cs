using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;

namespace ZeroShotCir.Benchmarks.Evaluation;

/// <summary>Random features whose texts lean from the reference towards the target, so that recalls are neither 0 nor 1.</summary>
internal static class SweepWorld
{
    public static (EvaluationDataset Dataset, EvaluationFeatures Features) Create(int queries, int gallery, int dimensions, int captions)
    {
        Random random = new(1);
        EmbeddingMatrix images = Draw(random, gallery, dimensions);
        int[] references = [.. Enumerable.Range(0, queries).Select(_ => random.Next(gallery))];
        int[] targets = [.. Enumerable.Range(0, queries).Select(_ => random.Next(gallery))];
        EmbeddingMatrix noise = Draw(random, queries, dimensions);
        EmbeddingMatrix texts = EmbeddingMatrix.Allocate(queries, dimensions, out Memory<float> values);
        for (int query = 0; query < queries; query++)
        {
            for (int i = 0; i < dimensions; i++)
            {
                values.Span[(query * dimensions) + i] =
                    (0.3f * images[targets[query]][i]) - (0.1f * images[references[query]][i]) + (0.5f * noise[query][i]);
            }
        }

        string[] names = [.. Enumerable.Range(0, gallery).Select(i => $"image-{i}")];
        EvaluationDataset dataset = new(
            "fashioniq",
            "val",
            [.. names.Select(name => new GalleryImage(name, name))],
            [.. Enumerable.Range(0, queries).Select(i => new EvaluationQuery($"{i}", names[references[i]], ["", ""]) { Target = names[targets[i]] })]);
        return (dataset, new EvaluationFeatures("random", names, images, [.. Enumerable.Range(0, captions).Select(_ => Draw(random, gallery, dimensions))], [], texts));
    }

    private static EmbeddingMatrix Draw(Random random, int rows, int dimensions)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(rows, dimensions, out Memory<float> memory);
        Span<float> values = memory.Span;
        for (int i = 0; i < values.Length; i += 2)
        {
            // Box and Muller.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            double angle = 2 * Math.PI * random.NextDouble();
            values[i] = (float)(radius * Math.Cos(angle));
            values[Math.Min(i + 1, values.Length - 1)] = (float)(radius * Math.Sin(angle));
        }

        return matrix;
    }
}
