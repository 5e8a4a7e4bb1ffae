using System.Text.Json.Serialization;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>One setting on one category: figures in percent at full precision.</summary>
internal sealed record ResultDocument
{
    public required string? Category { get; init; }

    public required int Queries { get; init; }

    public required int Gallery { get; init; }

    /// <summary>The weight of the text; <see langword="null"/> where the model composed and none was left to choose.</summary>
    public required double? Alpha { get; init; }

    public required double Beta { get; init; }

    public required string Scoring { get; init; }

    public required bool NormalizeInputs { get; init; }

    public required string Fusion { get; init; }

    public required string GalleryProtocol { get; init; }

    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    public required IReadOnlyDictionary<string, int> Hits { get; init; }

    /// <summary>By metric, the 95 % bootstrap interval over queries.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ConfidenceInterval>? Intervals { get; init; }

    /// <summary>What is gained by reading both halves of a query.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GapDocument? CompositionGap { get; init; }

    /// <summary>How sessions went, whose last turns are the metrics.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SessionDocument? Sessions { get; init; }

    [JsonPropertyName("semantic_mAP@10")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? SemanticAveragePrecision { get; init; }

    public static ResultDocument From(SessionDataset dataset, int gallery, EvaluationSetting setting, SessionDocument sessions)
        => From(dataset.Subset, dataset.Turns.Queries.Count, gallery, setting, sessions);

    private static ResultDocument From(string category, int turns, int gallery, EvaluationSetting setting, SessionDocument sessions) => new()
    {
        Category = category,
        Queries = turns,
        Gallery = gallery,
        Alpha = setting.Fusion.Roles.Contains(TermRole.Composed) ? null : setting.Alpha,
        Beta = setting.Beta,
        Scoring = ScoringName.Paper,
        NormalizeInputs = true,
        Fusion = setting.Fusion.ToString(),
        GalleryProtocol = "split",
        Metrics = sessions.FinalTurn.Metrics,
        Hits = sessions.FinalTurn.Metrics.ToDictionary(metric => metric.Key, metric => (int)Math.Round(metric.Value * sessions.FinalTurn.Count / 100)),
        Sessions = sessions,
    };

    /// <summary>The mean of the results of subsets, hits added up.</summary>
    public static ResultDocument From(IReadOnlyList<ResultDocument> subsets, EvaluationSetting setting, SessionDocument sessions)
        => From("average", subsets.Sum(subset => subset.Queries), subsets.Sum(subset => subset.Gallery), setting, sessions) with
        {
            Hits = subsets[0].Hits.Keys.ToDictionary(metric => metric, metric => subsets.Sum(subset => subset.Hits[metric])),
        };

    public static ResultDocument From(EvaluationResult result, IReadOnlyDictionary<string, ConfidenceInterval>? intervals = null) => new()
    {
        Category = result.Category,
        Queries = result.Queries,
        Gallery = result.Gallery,
        Alpha = result.Setting.Fusion.Roles.Contains(TermRole.Composed) ? null : result.Setting.Alpha,
        Beta = result.Setting.Beta,
        Scoring = ScoringName.For(result.Setting.Scoring),
        NormalizeInputs = result.Setting.NormalizeInputs,
        Fusion = result.Setting.Fusion.ToString(),
        GalleryProtocol = result.GalleryProtocol == Evaluation.Datasets.GalleryProtocol.ValUnion ? "union" : "split",
        Metrics = result.Metrics,
        Hits = result.Hits,
        Intervals = intervals,
        SemanticAveragePrecision = result.SemanticAveragePrecision.Count > 0 ? result.SemanticAveragePrecision : null,
    };
}
