using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Benchmarks.Stores;

/// <summary>Recall@10 against the exact index, and latency, of one store at one depth; queries one after the other.</summary>
internal static class StoreCurve
{
    public static void Header() => Console.WriteLine("depth  recall@10   p50 ms   p95 ms   p99 ms");

    public static async Task MeasureAsync(IGalleryStore store, CurveWorld world, string depth)
    {
        double[] times = new double[world.Queries.Length];
        int right = 0;
        await store.FindAsync(world.Queries[0], 10);
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            StoreAnswer answer = await store.FindAsync(world.Queries[i], 10);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            right += answer.Hits.Count(hit => world.Best[i].Contains(hit.Item.Id));
        }

        Array.Sort(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{depth,5}  {100.0 * right / (10 * times.Length),8:F2} %  {At(times, 0.5),7:F2}  {At(times, 0.95),7:F2}  {At(times, 0.99),7:F2}"));
    }

    public static async Task PushAsync(IGalleryStore store, CurveWorld world)
    {
        long start = Stopwatch.GetTimestamp();
        StorePushResult pushed = await new StorePush(world.Gallery, new StorePushOptions { Beta = CurveWorld.Beta, MeasureMoments = false }).RunAsync(store);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"pushed: {pushed.Written} written, {pushed.Unchanged} unchanged, {seconds:F1} s, {(pushed.Written + pushed.Unchanged) / seconds:F0} rows/s"));
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
