using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Galleries;

/// <summary>
/// What opening a gallery on disk costs a process in time and resident memory, and what searching it does: <c>-- gallery-memory [IMAGES]</c>.
/// Memory and page faults are told on Linux.
/// </summary>
internal static class GalleryMemory
{
    private const int K = 50;
    private const int Queries = 20;

    public static async Task RunAsync(int images)
    {
        string folder = SampleGallery.Create(images);
        Gallery.Open(SampleGallery.Create(1000)); // Compiles the code, so that only the opening is measured.
        GC.Collect();
        (string[] before, Stopwatch clock) = (Memory(), Stopwatch.StartNew());
        Gallery gallery = Gallery.Open(folder);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{gallery.Count:N0} images of {gallery.Dimensions} dimensions: opened in {clock.Elapsed.TotalMilliseconds:0.00} ms"));
        Print("before", before);
        Print("opened", Memory());

        ExactIndexOptions index = new() { MaxThreads = 1, Precision = SearchPrecision.Certified };
        ComposedImageRetriever retriever = new(gallery, null, null, new RetrievalOptions { Index = index });
        Random random = new(1);
        List<double> milliseconds = [];
        for (int query = 0; query < Queries; query++)
        {
            float[] vector = [.. Enumerable.Range(0, gallery.Dimensions).Select(_ => random.NextSingle() - 0.5f)];
            clock.Restart();
            await retriever.SearchAsync(new ComposedQuery { Terms = [QueryTerm.FromEmbedding(TermRole.Image, vector)], Beta = 0 }, K);
            milliseconds.Add(clock.Elapsed.TotalMilliseconds);
            if (query is 0 or Queries - 1)
            {
                Print($"after {query + 1} searches", Memory());
            }
        }

        double million = images / 1e6;
        double[] steady = [.. milliseconds.Skip(Queries / 2).Order()];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a search for {K} by one thread: first {milliseconds[0]:0} ms, then least {steady[0]:0.0}, median {steady[steady.Length / 2]:0.0} ms, "
            + $"{steady[0] / million:0.00} and {steady[steady.Length / 2] / million:0.00} ms for a million images"));
    }

    private static void Print(string when, string[] memory) => Console.WriteLine($"{when}: {string.Join(", ", memory)}");

    private static string[] Memory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ["unknown on this system"];
        }

        IEnumerable<string> resident = File.ReadLines("/proc/self/status")
            .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal) || line.StartsWith("RssAnon:", StringComparison.Ordinal)
                || line.StartsWith("RssFile:", StringComparison.Ordinal))
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Select(words => string.Create(CultureInfo.InvariantCulture, $"{words[0]} {double.Parse(words[1], CultureInfo.InvariantCulture) / 1024:0.0} MB"));

        // After the name in parentheses the tenth figure counts the faults that were answered from memory, the twelfth those that read the disk.
        string[] figures = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ');
        return [.. resident, $"{figures[7]} faults from memory", $"{figures[9]} from disk"];
    }
}
