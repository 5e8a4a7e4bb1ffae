using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Hosting.Batching;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Retrieval;

namespace ZeroShotCir.Benchmarks.Serving;

/// <summary>
/// Callers who ask one retriever at the same time, each with a picture and a sentence of its own, and again as soon as they are answered: with the
/// encoders as they are, and with what callers want encoded taken together. Rounds of both are run in turn, and every answer is compared with
/// the one that a single caller gets.
/// </summary>
internal static class Callers
{
    private const int K = 10;
    private const int Rounds = 5;
    private static readonly int[] Numbers = [1, 8, 50];

    /// <summary>Prints a line for each number of callers and each way to encode.</summary>
    /// <param name="world">A folder with a model folder <c>models/clip</c> and pictures in <c>data/fashioniq/images</c>, such as TinyFashion.</param>
    /// <param name="seconds">How long a round takes.</param>
    public static async Task RunAsync(string world, double seconds)
    {
        OnnxModelFolder model = OnnxModelFolder.Open(Path.Combine(world, "models", "clip"));
        using var images = model.CreateImageEncoder(new SkiaImageDecoder());
        using var texts = model.CreateTextEncoder();
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(world, "data", "fashioniq", "images")).Order(StringComparer.Ordinal).Take(500)];
        ImageData[] pictures = [.. files.Select(file => ImageData.FromBytes(File.ReadAllBytes(file)))];
        Gallery gallery = Gallery.FromEmbeddings([.. files.Select(file => Path.GetFileName(file))], await images.EncodeAsync(pictures));
        await using BatchingImageEncoder imageQueue = new(images);
        await using BatchingTextEncoder textQueue = new(texts);
        ComposedImageRetriever[] retrievers = [new(gallery, images, texts), new(gallery, imageQueue, textQueue)];
        ComposedQuery[] queries = [.. pictures.Take(64).Select((picture, i) => new ComposedQuery { Image = picture, Text = $"is red and has {i} buttons" })];
        string[] expected = [.. await Task.WhenAll(queries.Select(async query => await AnswerAsync(retrievers[0], query)))];

        foreach (int callers in Numbers)
        {
            List<double>[] latencies = [[], []], perSecond = [[], []], work = [[], []];
            int different = 0;
            for (int round = -1; round < Rounds; round++)
            {
                for (int way = 0; way < retrievers.Length; way++)
                {
                    using Process process = Process.GetCurrentProcess();
                    TimeSpan before = process.TotalProcessorTime;
                    long start = Stopwatch.GetTimestamp();
                    ComposedImageRetriever retriever = retrievers[way];
                    double[][] all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
                    {
                        List<double> own = [];
                        for (int i = caller; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; i++)
                        {
                            long asked = Stopwatch.GetTimestamp();
                            string answer = await AnswerAsync(retriever, queries[i % queries.Length]);
                            own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                            if (answer != expected[i % queries.Length])
                            {
                                Interlocked.Increment(ref different);
                            }
                        }

                        return own.ToArray();
                    })));
                    double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                    process.Refresh();
                    double[] latency = [.. all.SelectMany(own => own)];

                    // The first round of each is compiled and warmed up in.
                    if (round >= 0)
                    {
                        latencies[way].AddRange(latency);
                        perSecond[way].Add(latency.Length / elapsed);
                        work[way].Add((process.TotalProcessorTime - before).TotalMilliseconds / latency.Length);
                    }
                }
            }

            for (int way = 0; way < retrievers.Length; way++)
            {
                double[] sorted = [.. latencies[way].Order()];
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{callers,3} callers, {(way == 0 ? "encoded alone   " : "encoded together")}  {Median(perSecond[way]),7:F1} answers/s  "
                    + $"p50 {sorted[sorted.Length / 2],7:F2} ms  p99 {sorted[sorted.Length * 99 / 100],7:F2} ms  {Median(work[way]):F2} ms of processor time each"));
            }

            double[] ratios = [.. perSecond[1].Zip(perSecond[0], (together, alone) => together / alone).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"            together/alone {ratios[ratios.Length / 2]:F2} x ({ratios[0]:F2} to {ratios[^1]:F2} in {Rounds} rounds); "
                + $"{different} answers differed from a single caller's"));
        }
    }

    private static async Task<string> AnswerAsync(ComposedImageRetriever retriever, ComposedQuery query)
        => string.Join(' ', (await retriever.SearchAsync(query, K)).Select(hit => string.Create(CultureInfo.InvariantCulture, $"{hit.Id}:{hit.Score:R}")));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
