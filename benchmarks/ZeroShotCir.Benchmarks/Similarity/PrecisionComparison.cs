using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Similarity;

/// <summary>
/// One query by one thread in float32, with int8 codes, and with what a certified index chooses, in turn on the same raw files, so that
/// drift of the machine hits all alike: <c>-- precision X.f32 Q.f32 DIMENSIONS [K [ROUNDS]]</c>.
/// </summary>
internal static class PrecisionComparison
{
    public static void Run(string vectors, string queries, int dimensions, int k, int rounds)
    {
        EmbeddingMatrix rows = Read(vectors, dimensions), asked = Read(queries, dimensions);
        Stopwatch clock = Stopwatch.StartNew();
        QuantizedMatrix codes = QuantizedMatrix.Quantize(rows);
        double codesSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        ExactIndex chosen = Index(rows, null, SearchPrecision.Certified);
        double chosenSeconds = clock.Elapsed.TotalSeconds;
        (string Name, ExactIndex Index)[] indexes =
        [
            ("float32", Index(rows, null, SearchPrecision.Full)),
            ("int8", Index(rows, codes, SearchPrecision.Certified)),
            ("certified", chosen),
        ];
        List<double>[] milliseconds = [.. indexes.Select(_ => new List<double>())];
        long[] rescored = new long[indexes.Length];
        string[] kernels = new string[indexes.Length];
        SearchHit[][] hits = [.. indexes.Select(_ => new SearchHit[k])];
        for (int round = -1; round < rounds; round++)
        {
            for (int query = 0; query < asked.Rows; query++)
            {
                for (int i = 0; i < indexes.Length; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    SearchStatistics statistics = indexes[i].Index.Search(asked[query], hits[i]);
                    if (round >= 0)
                    {
                        milliseconds[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    }

                    kernels[i] = statistics.Kernel;
                    rescored[i] += statistics.Rescored ?? 0;
                    if (!hits[i].AsSpan().SequenceEqual(hits[0]))
                    {
                        throw new InvalidOperationException($"Query {query} differs in {indexes[i].Name}.");
                    }
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileName(vectors)} {rows.Rows} x {dimensions}, k {k}, {asked.Rows} queries x {rounds}; "
            + $"compressing: int8 {codesSeconds:0.0} s, chosen {chosenSeconds:0.0} s"));
        for (int i = 0; i < indexes.Length; i++)
        {
            double[] sorted = [.. milliseconds[i].Order()], ratios = [.. milliseconds[0].Zip(milliseconds[i], (full, own) => full / own).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{indexes[i].Name,-10} {kernels[i],-12} least {sorted[0],7:0.00} ms, median {sorted[sorted.Length / 2],7:0.00} ms; of float32's time: "
                + $"least {milliseconds[0].Min() / sorted[0]:0.00} x, "
                + $"paired median {ratios[ratios.Length / 2]:0.00} x (quartiles {ratios[ratios.Length / 4]:0.00} to {ratios[ratios.Length * 3 / 4]:0.00}); "
                + $"rescored {(double)rescored[i] / ((rounds + 1) * asked.Rows):0}"));
        }
    }

    private static ExactIndex Index(EmbeddingMatrix rows, QuantizedMatrix? codes, SearchPrecision precision)
        => new([rows], [codes], new ExactIndexOptions { MaxThreads = 1, Precision = precision, CheckRows = false });

    private static EmbeddingMatrix Read(string path, int dimensions)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate((int)(new FileInfo(path).Length / sizeof(float) / dimensions), dimensions, out Memory<float> values);
        using FileStream file = File.OpenRead(path);
        for (int done = 0, next; done < values.Length; done += next)
        {
            next = Math.Min(1 << 24, values.Length - done);
            file.ReadExactly(MemoryMarshal.AsBytes(values.Span.Slice(done, next)));
        }

        return matrix;
    }
}
