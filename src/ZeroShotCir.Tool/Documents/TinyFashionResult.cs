using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>One setting on one category of the built-in world; <c>cirr</c> is the part in CIRR's layout.</summary>
internal sealed record TinyFashionResult(
    string Setting,
    string Category,
    int Queries,
    int Gallery,
    double Alpha,
    double Beta,
    string Scoring,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, int> Hits)
{
    public static TinyFashionResult From(NamedSetting setting, EvaluationResult result) => new(
        setting.Name,
        result.Category ?? "cirr",
        result.Queries,
        result.Gallery,
        setting.Setting.Alpha,
        setting.Setting.Beta,
        ScoringName.For(setting.Setting.Scoring),
        result.Metrics,
        result.Hits);
}
