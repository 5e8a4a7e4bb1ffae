using System.Numerics.Tensors;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>Random directions of length 1: the least a compressed scan can profit from.</summary>
internal static class RandomVectors
{
    public static EmbeddingMatrix Unit(int rows, int dimensions, int seed)
    {
        Random random = new(seed);
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(rows, dimensions, out Memory<float> values);
        for (int row = 0; row < rows; row++)
        {
            Span<float> vector = values.Span.Slice(row * dimensions, dimensions);
            for (int d = 0; d < dimensions; d++)
            {
                // A sum of uniform numbers is near enough to a Gaussian.
                vector[d] = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
            }

            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        }

        return matrix;
    }
}
