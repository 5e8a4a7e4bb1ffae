using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>One row of a comparison: a model with a source of captions and a setting, measured.</summary>
/// <param name="Model">The model's folder as it was given.</param>
/// <param name="Captions">The file of captions; <see langword="null"/> for none.</param>
/// <param name="Setting">The setting.</param>
/// <param name="Source">Where the embeddings came from.</param>
/// <param name="Coverage">How much of each category was evaluated.</param>
/// <param name="Problems">What was left out, in sentences.</param>
/// <param name="Effort">What it took to have the embeddings.</param>
/// <param name="Results">One result per category.</param>
/// <param name="SecondsPerQuery">Scoring the whole gallery and listing the fifty best, shared among all processors.</param>
/// <param name="Bytes">The size of the model's graphs and their weights.</param>
/// <param name="Command">The command that gives this row alone.</param>
/// <param name="Gap">What is gained by reading both halves of a query.</param>
internal sealed record MeasuredCandidate(
    string Model,
    FileInfo? Captions,
    EvaluationSetting Setting,
    SourceManifest Source,
    IReadOnlyList<CoverageManifest> Coverage,
    IReadOnlyList<string> Problems,
    EncodingEffort Effort,
    IReadOnlyList<EvaluationResult> Results,
    double SecondsPerQuery,
    long Bytes,
    string Command,
    CompositionGap Gap)
{
    /// <summary>Whether the model read image and text together.</summary>
    public bool ReadsTogether => Setting.Fusion.Roles.Contains(TermRole.Composed);

    /// <summary>What the model is called in tables: the name of its folder.</summary>
    public string ModelName => Path.GetFileName(Path.TrimEndingDirectorySeparator(Model));

    public string Label => $"{ModelName}, {CaptionsLabel}, {SettingLabel}";

    public string CaptionsLabel => Captions?.Name ?? "none";

    public string SettingLabel => Setting.Fusion.Definition.UsesAlpha
        ? $"{Setting.Fusion} {new NamedSetting("", Setting with { Fusion = CompositionStrategy.Weighted }).Detail}"
        : Setting.Beta > 0 ? FormattableString.Invariant($"{Setting.Fusion} β {Setting.Beta:0.##}") : $"{Setting.Fusion}";
}
