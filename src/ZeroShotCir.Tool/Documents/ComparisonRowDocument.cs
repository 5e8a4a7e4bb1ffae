using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Tool.Runs;

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
    public static ComparisonRowDocument Of(Candidate candidate, ComparisonRow row) => new(
        candidate.Run.Source,
        SettingManifest.Of([candidate.Setting]),
        row.Estimates,
        row.AgainstFirst,
        GapDocument.Of(candidate.Gap),
        candidate.Run.Effort.Seconds,
        candidate.Run.Effort.Images,
        candidate.Run.Effort.Texts,
        candidate.SecondsPerQuery,
        candidate.Bytes,
        candidate.Command);
}
