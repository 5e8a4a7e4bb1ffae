using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Retrieval;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Benchmarks.Composition;

/// <summary>
/// What a search by each strategy costs against one scan of the same rows in float32: both run in turn in one process, and the median of
/// the ratios of neighbours is printed, so that a busy machine slows both.
/// </summary>
internal static class StrategyCost
{
    private const int Repeats = 7;

    public static async Task RunAsync(int rows, int dimensions)
    {
        Random random = new(1);
        Gallery gallery = Gallery.FromEmbeddings([.. Enumerable.Range(0, rows).Select(i => i.ToString(CultureInfo.InvariantCulture))], Rows(random, rows, dimensions));
        float[] mean = new float[dimensions];
        EmbeddingMatrix corpus = Rows(random, 2 * dimensions, dimensions);
        gallery = gallery.WithProjection(CorpusProjection.Create(corpus, null, mean, corpus.Slice(0, 100), corpus.Slice(100, 100)));
        ComposedImageRetriever retriever = new(gallery, null, null, new RetrievalOptions { CaptionWeight = 0, Index = new ExactIndexOptions { Precision = SearchPrecision.Full } });
        ComposedQuery scan = Query("weighted", random, dimensions);
        await SecondsAsync(retriever, scan);
        Console.WriteLine(FormattableString.Invariant($"{rows:N0} x {dimensions}, {Environment.ProcessorCount} processors, {Repeats} pairs"));
        Console.WriteLine("| strategy | cost by the table | scans it may cost | median ratio to one float32 scan |");
        Console.WriteLine("|---|---|---:|---:|");
        foreach (StrategyDefinition row in StrategyTable.All.Where(row => row.Create() is RowStrategy || row.Cost.StartsWith('2')))
        {
            foreach (string name in row.Name == "basic" ? (string[])["basic", "basic:expand=25"] : [row.Name])
            {
                ComposedQuery query = Query(name, random, dimensions);
                double scans = (await retriever.SearchAsync(query, 10)).Statistics.Scanned.GetValueOrDefault() / (double)rows;
                double[] ratios = new double[Repeats];
                for (int i = 0; i < Repeats; i++)
                {
                    double one = await SecondsAsync(retriever, scan);
                    ratios[i] = await SecondsAsync(retriever, query) / one;
                }

                Array.Sort(ratios);
                Console.WriteLine(FormattableString.Invariant($"| {name} | {row.Cost} | {scans:0} | {ratios[Repeats / 2]:0.00} ({ratios[0]:0.00}-{ratios[^1]:0.00}) |"));
            }
        }
    }

    private static async Task<double> SecondsAsync(ComposedImageRetriever retriever, ComposedQuery query)
    {
        long start = Stopwatch.GetTimestamp();
        await retriever.SearchAsync(query, 10);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static ComposedQuery Query(string name, Random random, int dimensions)
    {
        CompositionStrategy strategy = StrategyTable.Parse(name).WithAlpha(0.5);
        return new ComposedQuery
        {
            Strategy = strategy,
            Terms = [.. strategy.Roles.Select(role => QueryTerm.OfEmbedding(role, Rows(random, 1, dimensions)[0].ToArray()))],
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
}
