using System.Text.Json.Serialization;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir tune</c>: what was chosen, what that is worth, and what generalizes to a second data set. Recalls in percent.</summary>
internal sealed record TuneDocument(
    RunManifest Manifest,
    string Metric,
    int Candidates,
    TunedSetting Chosen,
    ConfidenceInterval OnSameQueries,
    ConfidenceInterval Nested,
    ConfidenceInterval Baseline,
    ConfidenceInterval Gain,
    IReadOnlyList<TunedSetting> ChosenByFolds)
{
    /// <summary>What the chosen setting gains by reading both halves, on the queries that it was chosen by.</summary>
    public required GapDocument CompositionGap { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SecondSplitDocument? Second { get; init; }
}
