using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Similarity;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir topk</c>: searches vectors in raw files, to compare the index with others on the same data.</summary>
internal sealed class TopKCommand : ToolCommand
{
    // Until then the runtime is still compiling what it finds to be hot.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    private readonly Option<FileInfo> _vectors = new("--vectors") { Description = "The rows: raw little-endian float32.", HelpName = "X.f32", Required = true };
    private readonly Option<FileInfo> _queries = new("--queries") { Description = "The queries, likewise.", HelpName = "Q.f32", Required = true };
    private readonly Option<int> _dimensions = ToolOptions.Count("--dim", null, "The number of components of a vector.");
    private readonly Option<int> _k = ToolOptions.Count("-k", 10, "How many rows each query wants; all of them where there are fewer.");
    private readonly Option<int> _threads = ToolOptions.Count("--threads", 1, "The most threads.");
    private readonly Option<int> _batch = ToolOptions.Count("--batch", int.MaxValue, "Queries of one call.");
    private readonly Option<int> _repeat = ToolOptions.Count("--repeat", 1, "How often to search.");
    private readonly Option<string> _precision = new("--precision")
    {
        Description = "f32 scores all rows in float32; i8 scans integers first, with a proven bound, and finds the same.",
        HelpName = "f32|i8",
        DefaultValueFactory = _ => "f32",
    };

    public TopKCommand()
        : base("topk", "Find the rows with the largest inner products, exactly.", "cir topk --vectors x.f32 --queries q.f32 --dim 512 -k 50")
    {
        _precision.AcceptOnlyFromAmong("f32", "i8");
        Add(_vectors);
        Add(_queries);
        Add(_dimensions);
        Add(_k);
        Add(_threads);
        Add(_precision);
        Add(_batch);
        Add(_repeat);
    }

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        int dimensions = arguments.GetValue(_dimensions), k = arguments.GetValue(_k), threads = arguments.GetValue(_threads);
        string precision = arguments.GetValue(_precision)!;
        Stopwatch clock = Stopwatch.StartNew();
        EmbeddingMatrix queries = VectorFile.Read(arguments.GetRequiredValue(_queries), dimensions);
        EmbeddingMatrix rows = VectorFile.Read(arguments.GetRequiredValue(_vectors), dimensions);
        ExactIndex index = new(rows, new ExactIndexOptions
        {
            MaxThreads = threads,
            Precision = precision == "i8" ? SearchPrecision.Certified : SearchPrecision.Full,
        });
        double loadSeconds = clock.Elapsed.TotalSeconds;

        int wanted = Math.Max(1, Math.Min(k, index.Count));
        SearchHit[] hits = new SearchHit[checked(queries.Rows * wanted)];
        double[] seconds = new double[arguments.GetValue(_repeat)];
        int found = 0;
        SearchStatistics statistics = default;
        long rescored = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
        {
            SearchAll();
        }

        for (int round = 0; round < seconds.Length; round++)
        {
            clock.Restart();
            SearchAll();
            seconds[round] = clock.Elapsed.TotalSeconds;
        }

        double? rescoredPerQuery = statistics.Rescored is null ? null : (double)rescored / Math.Max(1, queries.Rows);
        double milliseconds = seconds.Min() * 1000 / Math.Max(1, queries.Rows);
        terminal.Out.WriteLine(FormattableString.Invariant(
            $"{queries.Rows} queries, {index.Count} × {dimensions}, k = {k}, {threads} threads, {statistics.Kernel}: {milliseconds:0.0000} ms per query at best")
            + (rescoredPerQuery is { } mean ? FormattableString.Invariant($", {mean:0.0} rows rescored on average") : ""));
        TopKDocument document = new(
            index.Count, dimensions, k, threads, precision, statistics.Kernel ?? "none", loadSeconds, seconds, rescoredPerQuery,
            PerQuery(hit => hit.Ordinal), PerQuery(hit => hit.Score));
        return Task.FromResult(ToolResult.From(document, json => json.TopKDocument));

        void SearchAll()
        {
            rescored = 0;
            for (int first = 0, next; first < queries.Rows; first += next)
            {
                cancellationToken.ThrowIfCancellationRequested();
                next = Math.Min(arguments.GetValue(_batch), queries.Rows - first);
                EmbeddingMatrix some = next == queries.Rows ? queries : Part(queries, first, next);
                statistics = index.SearchBatch(some, wanted, hits.AsSpan(first * wanted));
                found = statistics.Found;
                rescored += statistics.Rescored ?? 0;
            }
        }

        T[][] PerQuery<T>(Converter<SearchHit, T> part)
            => [.. Enumerable.Range(0, queries.Rows).Select(query => Array.ConvertAll(hits.AsSpan(query * wanted, found).ToArray(), part))];
    }

    private static EmbeddingMatrix Part(EmbeddingMatrix queries, int first, int count)
        => EmbeddingMatrix.Wrap(queries.Memory.Slice(first * queries.Dimensions, count * queries.Dimensions), queries.Dimensions);
}
