using System.Globalization;

namespace ZeroShotCir.Benchmarks.Stores;

/// <summary>
/// A simulation of a search of many shards at once, which ends with the slowest: a shard answers after a lognormal time around 5 ms, and
/// one answer in 200 takes ten times as long. Against shards, replicas and what is done about the slow ones.
/// </summary>
internal static class ScatterGather
{
    private const double Median = 5;
    private const double Spread = 0.35;
    private const double SlowShare = 0.005;
    private const double SlowFactor = 10;
    private const int Searches = 20_000;

    public static void Run()
    {
        Random random = new(1);
        double[] single = [.. Enumerable.Range(0, 200_000).Select(_ => One(random)).Order()];
        double hedge = single[(int)(0.95 * single.Length)];
        double cut = single[(int)(0.999 * single.Length)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"one shard: p50 {single[single.Length / 2]:F1} ms, p95 {hedge:F1}, p99 {single[(int)(0.99 * single.Length)]:F1}, p99.9 {cut:F1}"));
        Console.WriteLine("shards  one replica (p50 / p99)   hedged after p95 (p50 / p99, more work)   both asked (p50 / p99, more work)   cut at a shard's p99.9 (p99, searches that miss a shard)");
        foreach (int shards in new[] { 1, 10, 100, 1000 })
        {
            double[] plain = [.. Enumerable.Range(0, Searches).Select(_ => Search(shards, () => One(random)))];
            double[] hedged = [.. Enumerable.Range(0, Searches).Select(_ => Search(shards, () => Hedged(random, hedge)))];
            double[] both = [.. Enumerable.Range(0, Searches).Select(_ => Search(shards, () => Math.Min(One(random), One(random))))];
            double missed = plain.Count(time => time > cut) / (double)Searches;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{shards,6}  {At(plain, .5),8:F1} / {At(plain, .99),6:F1}          {At(hedged, .5),8:F1} / {At(hedged, .99),6:F1}, +5 %                       {At(both, .5),8:F1} / {At(both, .99),6:F1}, +100 %                 {Math.Min(cut, At(plain, .99)),6:F1}, {100 * missed:F1} %"));
        }
    }

    private static double Search(int shards, Func<double> answer)
    {
        double slowest = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            slowest = Math.Max(slowest, answer());
        }

        return slowest;
    }

    private static double Hedged(Random random, double after)
    {
        double first = One(random);
        return first <= after ? first : Math.Min(first, after + One(random));
    }

    private static double One(Random random)
    {
        double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Median * Math.Exp(Spread * normal) * (random.NextDouble() < SlowShare ? SlowFactor : 1);
    }

    private static double At(double[] times, double share)
    {
        double[] sorted = [.. times.Order()];
        return sorted[(int)(share * sorted.Length)];
    }
}
