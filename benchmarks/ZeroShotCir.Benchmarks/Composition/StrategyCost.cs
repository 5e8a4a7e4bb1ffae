using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Composition;

/// <summary>
/// What a search by each strategy costs against one scan of the same rows in float32: both run in turn in one process, and the least of
/// each is divided by the least of the other. Processor time counts, which a busy machine changes little.
/// </summary>
internal static class StrategyCost
{
    private const int Repeats = 3;
    private const double Beta = 0.1;

    /// <param name="rows">The number of images.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="hasCaptions">Whether each image has a caption that counts.</param>
    public static async Task RunAsync(int rows, int dimensions, bool hasCaptions)
    {
        Random random = new(1);
        string[] ids = [.. Enumerable.Range(0, rows).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        CaptionEmbeddings? captions = hasCaptions ? CaptionEmbeddings.FromCounts(Rows(random, rows, dimensions), [.. Enumerable.Repeat(1, rows)]) : null;
        Gallery gallery = Gallery.FromEmbeddings(ids, Rows(random, rows, dimensions), captions);
        float[] mean = new float[dimensions];
        EmbeddingMatrix corpus = Rows(random, 2 * dimensions, dimensions);
        gallery = gallery.WithProjection(CorpusProjection.Create(corpus, null, mean, corpus.Slice(0, 100), corpus.Slice(100, 100)));
        RetrievalOptions options = new() { Beta = hasCaptions ? Beta : 0, Index = new ExactIndexOptions { Precision = SearchPrecision.Full } };
        ComposedImageRetriever retriever = new(gallery, null, null, options);
        ComposedQuery scan = Query("weighted", random, dimensions);
        await MeasureAsync(retriever, scan);
        Console.WriteLine(FormattableString.Invariant(
            $"{rows:N0} x {dimensions}, {(hasCaptions ? $"a caption each, beta {Beta}" : "no captions")}, {Environment.ProcessorCount} processors, least of {Repeats}"));
        Console.WriteLine("| strategy | cost by the table | row products in scans | processor time in float32 scans | elapsed in float32 scans |");
        Console.WriteLine("|---|---|---:|---:|---:|");
        foreach (StrategyDefinition row in StrategyTable.All.Where(row => row.Name == "weighted" || row.Create() is RowStrategy || row.Cost.StartsWith('2')))
        {
            foreach (string name in row.Name == "basic" ? (string[])["basic", "basic:expand=25"] : [row.Name])
            {
                ComposedQuery query = Query(name, random, dimensions);
                double products = (await retriever.SearchAsync(query, 10)).Statistics.Scanned.GetValueOrDefault() / (double)rows;
                Cost one = Cost.Most, whole = Cost.Most;
                for (int i = 0; i < Repeats; i++)
                {
                    one = one.Least(await MeasureAsync(retriever, scan));
                    whole = whole.Least(await MeasureAsync(retriever, query));
                }

                Console.WriteLine(FormattableString.Invariant(
                    $"| `{name}` | {row.Cost} | {products:0.##} | {whole.Processor / one.Processor:0.00} | {whole.Elapsed / one.Elapsed:0.00} |"));
            }
        }
    }

    private static async Task<Cost> MeasureAsync(ComposedImageRetriever retriever, ComposedQuery query)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await retriever.SearchAsync(query, 10);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Cost((Environment.CpuUsage.TotalTime - before).TotalSeconds, elapsed);
    }

    /// <summary>A query of random embeddings for all that a strategy reads.</summary>
    public static ComposedQuery Query(string name, Random random, int dimensions)
    {
        CompositionStrategy strategy = StrategyTable.Parse(name).WithAlpha(0.5);
        return new ComposedQuery
        {
            Strategy = strategy,
            Terms = [.. strategy.Roles.Select(role => QueryTerm.FromEmbedding(role, Rows(random, 1, dimensions)[0].ToArray()))],
        };
    }

    private static EmbeddingMatrix Rows(Random random, int count, int dimensions)
    {
        EmbeddingMatrix rows = EmbeddingMatrix.Allocate(count, dimensions, out Memory<float> values);
        for (int row = 0; row < count; row++)
        {
            Span<float> vector = values.Span.Slice(row * dimensions, dimensions);
            foreach (ref float value in vector)
            {
                value = random.NextSingle() - 0.5f;
            }

            UnitVector.Normalize(vector, vector);
        }

        return rows;
    }

    private readonly record struct Cost(double Processor, double Elapsed)
    {
        public static Cost Most => new(double.MaxValue, double.MaxValue);

        public Cost Least(Cost other) => new(Math.Min(Processor, other.Processor), Math.Min(Elapsed, other.Elapsed));
    }
}
