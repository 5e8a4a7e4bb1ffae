using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Stores;
using ZeroShotCir.Stores.Postgres;

namespace ZeroShotCir.Benchmarks.Stores;

/// <summary>PostgreSQL with pgvector: exact, the curve of HNSW, the plan of a filtered search, and a refold that is cut off and goes on.</summary>
internal static class PostgresCurve
{
    public static async Task RunAsync(string address, int count, int dimensions)
    {
        Console.WriteLine($"{count} rows of {dimensions} dimensions in {new Uri(address).Host}");
        CurveWorld world = CurveWorld.Create(count, dimensions, queries: 100);
        await using (PostgresGalleryStore exact = PostgresGalleryStore.Connect(address))
        {
            await StoreCurve.PushAsync(exact, world);
            StoreCurve.Header();
            await StoreCurve.MeasureAsync(exact, world, "exact");
        }

        long start = Stopwatch.GetTimestamp();
        await using (PostgresGalleryStore indexed = Open(address, 100))
        {
            await StoreCurve.PushAsync(indexed, world);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"HNSW built in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, with the digests of the second push"));
        }

        StoreCurve.Header();
        foreach (int depth in new[] { 10, 20, 40, 100, 200, 400, 800 })
        {
            await using PostgresGalleryStore store = Open(address, depth);
            await StoreCurve.MeasureAsync(store, world, depth.ToString(CultureInfo.InvariantCulture));
        }

        GalleryFilter filter = GalleryFilter.Where("color", FilterOperator.In, "red", "blue");
        await using PostgresGalleryStore plain = PostgresGalleryStore.Connect(address);
        Console.WriteLine("exact, color in (red, blue):\n" + await plain.ExplainAsync(world.Queries[0], 10, filter));
        await using PostgresGalleryStore graph = Open(address, 100);
        Console.WriteLine("HNSW, color in (red, blue):\n" + await graph.ExplainAsync(world.Queries[0], 10, filter));
        await RefoldAsync(address, world);
    }

    private static async Task RefoldAsync(string address, CurveWorld world)
    {
        const double NewWeight = 0.4;
        await using PostgresGalleryStore store = PostgresGalleryStore.Connect(address);
        using CancellationTokenSource cut = new();
        StorePush refold = new(world.Gallery, new StorePushOptions { Beta = NewWeight, MeasureMoments = false });
        try
        {
            await refold.RunAsync(store, new CutAt(world.Gallery.Count / 2, cut), cut.Token);
        }
        catch (OperationCanceledException)
        {
            StoreDescription served = (await store.GetDescriptionAsync())!;
            StoreAnswer answer = await store.FindAsync(world.Queries[0], 10);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"refold cut off: β = {served.Beta} is served, "
                + $"{answer.Hits.Count(hit => world.Best[0].Contains(hit.Item.Id))} of 10 right, "
                + $"{answer.Missing.Count} sentences of what is missing"));
        }

        StorePushResult result = await refold.RunAsync(store);
        double weight = (await store.GetDescriptionAsync())!.Beta;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"refold gone on with: {result.Unchanged} rows were there, {result.Written} written, β = {weight} is served"));
    }

    private static PostgresGalleryStore Open(string address, int depth)
        => PostgresGalleryStore.Connect(address, new PostgresGalleryStoreOptions { Index = PostgresIndex.Hnsw, SearchDepth = depth });

    private sealed class CutAt(long count, CancellationTokenSource source) : IProgress<StorePushProgress>
    {
        public void Report(StorePushProgress value)
        {
            if (value.Done >= count)
            {
                source.Cancel();
            }
        }
    }
}
