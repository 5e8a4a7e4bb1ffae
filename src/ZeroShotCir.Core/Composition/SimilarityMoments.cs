namespace ZeroShotCir.Composition;

/// <summary>Mean and spread of one vector's similarities to all items that are searched.</summary>
/// <param name="Count">The number of items.</param>
/// <param name="Mean">The mean of their similarities; 0 of none.</param>
/// <param name="Squares">The sum of the squared differences from the mean.</param>
public readonly record struct SimilarityMoments(long Count, double Mean, double Squares)
{
    /// <summary>The variance.</summary>
    /// <param name="ddof">What is taken off the number of items to divide by: 0 for the variance of these items, 1 for the estimate of Bessel.</param>
    /// <returns>The variance, at least 0.</returns>
    public double Variance(int ddof) => Squares / Math.Max(1, Count - ddof);

    internal static SimilarityMoments FromSimilarities(ReadOnlySpan<float> similarities)
    {
        double sum = 0;
        foreach (float similarity in similarities)
        {
            sum += similarity;
        }

        double mean = sum / Math.Max(1, similarities.Length);
        double squares = 0;
        foreach (float similarity in similarities)
        {
            squares += (similarity - mean) * (similarity - mean);
        }

        return new SimilarityMoments(similarities.Length, mean, squares);
    }
}
