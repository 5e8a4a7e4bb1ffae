using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>
/// What opening a gallery takes when nothing of it is in memory, and right after, in a process whose code has run before:
/// <c>-- gallery-cold [IMAGES [DIMENSIONS]]</c>. On Linux, as root: the system is told to forget what it read of its disks.
/// </summary>
internal static class GalleryColdOpen
{
    private const int Runs = 9;
    private const int Warmups = 300;

    public static void Run(int images, int dimensions)
    {
        string folder = SampleGallery.Create(images, dimensions), small = SampleGallery.Create(1000);
        for (int i = 0; i < Warmups; i++)
        {
            Open(small);
        }

        Thread.Sleep(TimeSpan.FromSeconds(1)); // For what is compiled again in the background.
        List<double> cold = [], warm = [];
        for (int run = 0; run < Runs; run++)
        {
            Unmap();
            File.WriteAllText("/proc/sys/vm/drop_caches", "3");
            Open(small); // The code itself was forgotten, too.
            cold.Add(Open(folder));
            Unmap();
            warm.Add(Open(folder));
        }

        Console.WriteLine($"{images.ToString("N0", CultureInfo.InvariantCulture)} images of {dimensions} dimensions in {Directory.GetFiles(folder).Length} files");
        Print("from the disk", cold);
        Print("from memory", warm);
    }

    private static void Print(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"opened {what}: least {times[0]:0.0}, median {times[Runs / 2]:0.0}, most {times[^1]:0.0} ms"));
    }

    // Inlined, it would keep the gallery mapped.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Open(string folder)
    {
        long start = Stopwatch.GetTimestamp();
        Gallery gallery = Gallery.Open(folder);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        GC.KeepAlive(gallery);
        return milliseconds;
    }

    // Pages that are mapped are not forgotten.
    private static void Unmap()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
