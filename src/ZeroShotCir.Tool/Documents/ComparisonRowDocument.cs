using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>One row of <c>cir compare</c>; recalls in percent, differences in points against the first row.</summary>
internal sealed record ComparisonRowDocument(
    SourceManifest Source,
    SettingManifest Setting,
    IReadOnlyDictionary<string, ConfidenceInterval> Metrics,
    IReadOnlyDictionary<string, PairedComparison> AgainstFirst,
    GapDocument CompositionGap,
    double EncodeSeconds,
    int EncodedImages,
    int EncodedTexts,
    double SearchSecondsPerQuery,
    long Bytes,
    string Command)
{
    public static ComparisonRowDocument From(MeasuredCandidate candidate, ComparisonRow row) => new(
        candidate.Source,
        SettingManifest.From([candidate.Setting]),
        row.Estimates,
        row.AgainstFirst,
        GapDocument.From(candidate.Gap),
        candidate.Effort.Seconds,
        candidate.Effort.Images,
        candidate.Effort.Texts,
        candidate.SecondsPerQuery,
        candidate.Bytes,
        candidate.Command);
}
