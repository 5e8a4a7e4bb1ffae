using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Redis;
using ZeroShotCir.Tests.Garnet;

namespace ZeroShotCir.Benchmarks.Stores;

/// <summary>A cluster of three Garnet nodes in this process: recall against latency over EF, then a node that dies under load and comes back.</summary>
internal static class GarnetCurve
{
    public static async Task RunAsync(int count, int dimensions)
    {
        Console.WriteLine($"{count} rows of {dimensions} dimensions, three Garnet nodes in one process, 6 shards, NOQUANT, inner product");
        CurveWorld world = CurveWorld.Create(count, dimensions);
        using GarnetNodes nodes = await GarnetNodes.StartAsync();
        string address = $"redis://{nodes.Hosts}/curve";
        await using (RedisGalleryStore store = await OpenAsync(address, 200))
        {
            await StoreCurve.PushAsync(store, world);
        }

        StoreCurve.Header();
        foreach (int depth in new[] { 10, 20, 50, 100, 200, 400, 800 })
        {
            await using RedisGalleryStore store = await OpenAsync(address, depth);
            await StoreCurve.MeasureAsync(store, world, depth.ToString(CultureInfo.InvariantCulture));
        }

        await KillAsync(nodes, address, world);
    }

    // Four callers search without a pause; what they see is written down by the tenth of a second.
    private static async Task KillAsync(GarnetNodes nodes, string address, CurveWorld world)
    {
        const int Callers = 4;
        await using RedisGalleryStore store = await OpenAsync(address, 100, secondsForShard: 2);
        ConcurrentQueue<(double Second, double Milliseconds, bool IsWhole, bool IsFailed, long Missing)> seen = [];
        using CancellationTokenSource end = new();
        long start = Stopwatch.GetTimestamp();
        Task[] callers = [.. Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int i = caller; !end.IsCancellationRequested; i++)
            {
                long asked = Stopwatch.GetTimestamp();
                StoreAnswer? answer = null;
                try
                {
                    answer = await store.FindAsync(world.Queries[i % world.Queries.Length], 10);
                }
                catch (Exception exception) when (exception is RedisException or IOException or TimeoutException)
                {
                    // Counted below as a failed search.
                }

                seen.Enqueue((
                    Stopwatch.GetElapsedTime(start).TotalSeconds,
                    Stopwatch.GetElapsedTime(asked).TotalMilliseconds,
                    answer?.Missing.Count == 0,
                    answer is null,
                    answer?.Missing.Count ?? 0));
            }
        }))];
        double Now() => Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.Delay(4000);
        double killed = Now();
        nodes.Stop(1);
        await Task.Delay(6000);
        double restarted = Now();
        nodes.Start(1);
        await Task.Delay(3000);
        double pushed = Now();
        await using (RedisGalleryStore writer = await OpenAsync(address, 100))
        {
            await StoreCurve.PushAsync(writer, world);
        }

        double recovered = Now();
        await Task.Delay(4000);
        await end.CancelAsync();
        await Task.WhenAll(callers);
        Report("before", 0, killed);
        Report("node down", killed, restarted);
        Report("node back, empty", restarted, pushed);
        Report("while pushed", pushed, recovered);
        Report("after", recovered, double.MaxValue);
        double whole = seen.Where(one => one.Second > recovered && one.IsWhole).Min(one => one.Second);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"not whole from {killed:F2} s to {whole:F2} s"));
        Console.WriteLine($"an answer while the node was down: {(await ExampleAsync(nodes, address, world)) ?? ""}");

        void Report(string phase, double from, double to)
        {
            var some = seen.Where(one => one.Second >= from && one.Second < to).ToArray();
            double[] times = [.. some.Select(one => one.Milliseconds).Order()];
            if (times.Length > 0)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{phase,-17} {some.Length,6} searches: {some.Count(one => one.IsWhole)} whole, "
                    + $"{some.Count(one => !one.IsWhole && !one.IsFailed)} partial and said so, {some.Count(one => one.IsFailed)} failed; "
                    + $"p50 {times[times.Length / 2]:F1} ms, longest {times[^1]:F0} ms"));
            }
        }
    }

    private static async Task<string?> ExampleAsync(GarnetNodes nodes, string address, CurveWorld world)
    {
        await using RedisGalleryStore store = await OpenAsync(address, 100, secondsForShard: 2);
        await store.FindAsync(world.Queries[0], 10);
        nodes.Stop(2);
        return string.Join(' ', (await store.FindAsync(world.Queries[0], 10)).Missing);
    }

    // A curve waits for every shard, or its recall would be that of the machine's load.
    private static Task<RedisGalleryStore> OpenAsync(string address, int depth, double secondsForShard = 120) => RedisGalleryStore.ConnectAsync(
        address,
        new RedisGalleryStoreOptions
        {
            Shards = 6,
            SearchDepth = depth,
            ShardTimeout = TimeSpan.FromSeconds(secondsForShard),
            RefreshInterval = TimeSpan.FromSeconds(1),
        });
}
