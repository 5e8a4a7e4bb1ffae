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
            CultureInfo.InvariantCulture,
            $"one shard: p50 {single[single.Length / 2]:F1} ms, p95 {hedge:F1}, p99 {single[(int)(0.99 * single.Length)]:F1}, p99.9 {cut:F1}"));
        Console.WriteLine("Replicas are asked one after the other, the next when the one before took the p95 of a shard, and the first answer counts: p50 / p99 ms, more work.");
        Console.WriteLine(
            "shards       one replica       two replicas             three replicas           two, both asked at once (+100 %)   "
            + "two, the whole search asked again   one, cut at p99.9: p99, searches that lack a shard");
        foreach (int shards in new[] { 1, 10, 100, 1000 })
        {
            double[] plain = Times(shards, () => One(random));
            (double[] two, double moreOfTwo) = Hedged(shards, random, hedge, replicas: 2);
            (double[] three, double moreOfThree) = Hedged(shards, random, hedge, replicas: 3);
            double[] both = Times(shards, () => Math.Min(One(random), One(random)));
            (double[] whole, double moreOfWhole) = HedgedAsAWhole(shards, random, 2 * hedge);
            double missed = plain.Count(time => time > cut) / (double)Searches;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{shards,6}  {Show(plain)}  {Show(two)}, +{moreOfTwo:F1} %  {Show(three)}, +{moreOfThree:F1} %  {Show(both)}                  "
                + $"{Show(whole)}, +{moreOfWhole:F1} %    {Math.Min(cut, At(plain, .99)),6:F1}, {100 * missed:F1} %"));
        }
    }

    private static double[] Times(int shards, Func<double> answer) => [.. Enumerable.Range(0, Searches).Select(_ => Search(shards, answer))];

    private static (double[] Times, double MoreWork) Hedged(int shards, Random random, double after, int replicas)
    {
        long asked = 0;
        double[] times = Times(shards, () =>
        {
            double first = double.MaxValue;
            for (int replica = 0; replica < replicas && first > replica * after; replica++)
            {
                first = Math.Min(first, (replica * after) + One(random));
                asked++;
            }

            return first;
        });
        return (times, 100.0 * ((asked / ((double)shards * Searches)) - 1));
    }

    private static (double[] Times, double MoreWork) HedgedAsAWhole(int shards, Random random, double after)
    {
        int again = 0;
        double[] times = [.. Enumerable.Range(0, Searches).Select(_ =>
        {
            double first = Search(shards, () => One(random));
            again += first > after ? 1 : 0;
            return first <= after ? first : Math.Min(first, after + Search(shards, () => One(random)));
        })];
        return (times, 100.0 * again / Searches);
    }

    private static string Show(double[] times) => string.Create(CultureInfo.InvariantCulture, $"{At(times, .5),7:F1} / {At(times, .99),6:F1}");

    private static double Search(int shards, Func<double> answer)
    {
        double slowest = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            slowest = Math.Max(slowest, answer());
        }

        return slowest;
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
