using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ZeroShotCir.Diagnostics;

/// <summary>The traces and metrics of the library: one <see cref="ActivitySource"/> and one <see cref="Meter"/> of the same name.</summary>
/// <remarks>
/// <para>Costs next to nothing where nobody listens. With OpenTelemetry: <c>AddSource(Telemetry.Name)</c> and <c>AddMeter(Telemetry.Name)</c>.</para>
/// <para>
/// Activities: <c>search</c> with <c>encode</c> and <c>scan</c> below it. Instruments, their units and tags are listed in docs/hosting.md.
/// </para>
/// </remarks>
public static class Telemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "ZeroShotCir";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    // What collectors assume without advice is made for milliseconds: every search would fall into one bucket.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<int> Inputs = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };

    internal static readonly Counter<long> Queries
        = Meter.CreateCounter<long>("zeroshotcir.search.queries", "{query}", "Queries that were answered.");

    internal static readonly Histogram<double> SearchDuration
        = Meter.CreateHistogram<double>("zeroshotcir.search.duration", "s", "From a call of the retriever to its answer.", advice: Seconds);

    internal static readonly Counter<long> RescoredRows
        = Meter.CreateCounter<long>("zeroshotcir.search.rescored_rows", "{row}", "Rows whose compressed score did not decide, so that they were compared in full.");

    internal static readonly Histogram<double> EncodeDuration
        = Meter.CreateHistogram<double>("zeroshotcir.encode.duration", "s", "From a call of an encoder to its embeddings, waiting included.", advice: Seconds);

    internal static readonly Counter<long> EncodedInputs
        = Meter.CreateCounter<long>("zeroshotcir.encode.inputs", "{input}", "Images or texts that were encoded.");

    internal static readonly UpDownCounter<long> QueuedInputs
        = Meter.CreateUpDownCounter<long>("zeroshotcir.encode.queue", "{input}", "Images or texts that wait for an encoder.");

    internal static readonly Histogram<int> BatchSize
        = Meter.CreateHistogram<int>("zeroshotcir.encode.batch_size", "{input}", "Images or texts of concurrent callers that were encoded together.", advice: Inputs);

    internal static readonly Counter<long> CacheRequests
        = Meter.CreateCounter<long>("zeroshotcir.cache.requests", "{request}", "What was asked of a cache, and whether it had it.");

    internal static readonly Counter<long> CaptionTokens
        = Meter.CreateCounter<long>("zeroshotcir.caption.tokens", "{token}", "Tokens that captions, descriptions and verdicts of chat models cost.");

    internal static void CountCache(string cache, bool hit)
        => CacheRequests.Add(1, new KeyValuePair<string, object?>("cache", cache), new KeyValuePair<string, object?>("hit", hit));
}
