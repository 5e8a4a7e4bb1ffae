using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>What opening a gallery of a million images costs a process in time and resident memory: <c>-- gallery-memory</c>.</summary>
internal static class GalleryMemory
{
    private const int Images = 1_000_000;

    public static void Run()
    {
        string folder = SampleGallery.Create(Images);
        Gallery.Open(SampleGallery.Create(1000)); // Compiles the code, so that only the opening is measured.
        GC.Collect();
        long before = Resident();
        Stopwatch clock = Stopwatch.StartNew();
        Gallery gallery = Gallery.Open(folder);
        double milliseconds = clock.Elapsed.TotalMilliseconds;
        long after = Resident();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{gallery.Count:N0} images of {gallery.Dimensions} dimensions: opened in {milliseconds:0.00} ms, "
            + $"{(after - before) / 1048576.0:0.00} MB more resident"));
    }

    private static long Resident()
    {
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
