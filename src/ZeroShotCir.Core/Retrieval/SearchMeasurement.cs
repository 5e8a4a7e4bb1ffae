using System.Diagnostics;
using ZeroShotCir.Diagnostics;

namespace ZeroShotCir.Retrieval;

/// <summary>Measures a call of the retriever for whoever listens.</summary>
internal sealed class SearchMeasurement : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Activity? _activity;
    private bool _isFinished;

    public SearchMeasurement(int queries)
    {
        _activity = Telemetry.Source.StartActivity("search");
        _activity?.SetTag("zeroshotcir.queries", queries);
    }

    public static Activity? BeginScan() => Telemetry.Source.StartActivity("scan");

    public static Activity? BeginEncoding(string kind, int inputs)
    {
        Activity? activity = Telemetry.Source.StartActivity("encode");
        activity?.SetTag("zeroshotcir.kind", kind);
        activity?.SetTag("zeroshotcir.inputs", inputs);
        return activity;
    }

    public static void FinishEncoding(string kind, int inputs, long start)
    {
        KeyValuePair<string, object?> tag = new("kind", kind);
        Telemetry.EncodedInputs.Add(inputs, tag);
        Telemetry.EncodeDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tag);
    }

    public void Finish(IReadOnlyList<QueryVectors> queries, IReadOnlyList<RetrievalRanking> rankings)
    {
        _isFinished = true;
        for (int i = 0; i < rankings.Count; i++)
        {
            Telemetry.Queries.Add(1, new KeyValuePair<string, object?>("strategy", queries[i].Strategy.Name));
            if (rankings[i].Statistics.Rescored is > 0 and var rescored)
            {
                Telemetry.RescoredRows.Add(rescored);
            }
        }

        if (_activity is null || rankings.Count == 0)
        {
            return;
        }

        _activity.SetTag("zeroshotcir.strategy", queries[0].Strategy.Name);
        _activity.SetTag("zeroshotcir.engine", rankings[0].Statistics.Engine);
        _activity.SetTag("zeroshotcir.scanned", rankings[0].Statistics.Scanned);
        _activity.SetTag("zeroshotcir.found", rankings[0].Count);
    }

    public void Dispose()
    {
        Telemetry.SearchDuration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, new KeyValuePair<string, object?>("failed", !_isFinished));
        if (!_isFinished)
        {
            _activity?.SetStatus(ActivityStatusCode.Error);
        }

        _activity?.Dispose();
    }
}
