using System.Numerics.Tensors;

namespace ZeroShotCir.Embeddings;

/// <summary>Tells from a sample of rows whether four bits rule out enough of them for a search to be faster than with eight.</summary>
/// <remarks>
/// A scan of the coarse plane reads half of what int8 takes, but the fine codes of every row that it cannot rule out are read from anywhere.
/// What it cannot rule out depends on the rows: on how their error compares with the spread of their scores, and on how far beyond the mean
/// the k-th best of so many lies. The plan decides only about time; what is found is the same.
/// </remarks>
internal static class CompressionPlan
{
    // Of the rows; with half as many again the scans would take equally long where all codes are in the cache, with three times as many where they are not.
    private const double MostSurvivors = 0.08;

    // Of smaller galleries a search takes no longer than what it takes to begin with planes.
    private const long FewestComponents = 1L << 20;
    private const int FewestDimensions = 64;
    private const int SampleRows = 1024;
    private const int Queries = 16;
    private const int K = 50;

    public static bool PrefersPlanes(EmbeddingMatrix rows)
        => rows.Dimensions is >= FewestDimensions and <= CodePlanes.MaxDimensions
            && (long)rows.Rows * rows.Dimensions >= FewestComponents
            && SurvivorShare(rows) <= MostSurvivors;

    /// <summary>The share of the rows that the coarse plane is expected to leave, for queries of which most lies in another direction than any row.</summary>
    internal static double SurvivorShare(EmbeddingMatrix rows)
    {
        int dimensions = rows.Dimensions, count = Math.Min(SampleRows, rows.Rows);
        EmbeddingMatrix sample = EmbeddingMatrix.Allocate(count, dimensions, out Memory<float> values);
        for (int i = 0; i < count; i++)
        {
            rows[(int)((long)i * rows.Rows / count)].CopyTo(values.Span[(i * dimensions)..]);
        }

        // A row that is not finite is refused by whoever compresses all rows, and knows which one it is.
        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(values.Span)) || CodePlanes.TryCompress(sample) is not { } planes)
        {
            return 1;
        }

        Random random = new(1);
        double deviations = Deviations(Math.Min(0.4, (double)K / rows.Rows)), survivors = 0;
        float[] query = new float[dimensions];
        double[] scores = new double[count];
        for (int i = 0; i < Queries; i++)
        {
            Blend(sample[i * count / Queries], random, query);
            for (int row = 0; row < count; row++)
            {
                scores[row] = TensorPrimitives.Dot<float>(query, sample[row]);
            }

            double mean = TensorPrimitives.Average<double>(scores), deviation = TensorPrimitives.StdDev<double>(scores);
            double threshold = mean + (deviations * deviation), length = TensorPrimitives.Norm<float>(query);
            for (int row = 0; row < count; row++)
            {
                survivors += scores[row] + (planes.Error(row) * length) >= threshold ? 1 : 0;
            }
        }

        return survivors / ((double)Queries * count);
    }

    private static void Blend(ReadOnlySpan<float> row, Random random, Span<float> query)
    {
        for (int d = 0; d < query.Length; d++)
        {
            query[d] = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
        }

        float length = TensorPrimitives.Norm(row), other = TensorPrimitives.Norm<float>(query);
        for (int d = 0; d < query.Length; d++)
        {
            query[d] = row[d] + (query[d] * (2 * length / other));
        }
    }

    // How many standard deviations beyond the mean of a normal distribution this share lies (Abramowitz and Stegun 26.2.23).
    private static double Deviations(double share)
    {
        double t = Math.Sqrt(-2 * Math.Log(share));
        return t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
    }
}
