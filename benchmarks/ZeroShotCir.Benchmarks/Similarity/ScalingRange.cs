using System.Globalization;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>How far the scaling curves go: the environment variable SCALING_MOST_ROWS says how many rows at most, 1,000,000 without it.</summary>
internal static class ScalingRange
{
    private const int Usual = 100_000;

    /// <summary>Powers of ten from a thousand on, as far as asked for and as one matrix holds of so many components.</summary>
    public static int[] RowsOf(int dimensions)
        => [.. Enumerable.Range(3, 5).Select(power => (int)Math.Pow(10, power)).Where(rows => rows <= Most && rows <= Array.MaxLength / dimensions)];

    /// <summary>The rows where something else grows.</summary>
    public static int UsualRows => Math.Min(Usual, Most);

    private static int Most
        => int.Parse(Environment.GetEnvironmentVariable("SCALING_MOST_ROWS") ?? "1000000", CultureInfo.InvariantCulture);
}
