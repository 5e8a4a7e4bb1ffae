using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>How similarities became rankings; several weights in a sweep.</summary>
internal sealed record SettingManifest(
    IReadOnlyList<double> Alphas,
    IReadOnlyList<double> Betas,
    string Scoring,
    bool NormalizeInputs,
    IReadOnlyList<string> Fusions,
    string MissingCaptions,
    string MissingEvidence)
{
    public static SettingManifest From(IReadOnlyList<EvaluationSetting> settings) => new(
        [.. settings.Select(setting => setting.Alpha).Distinct().Order()],
        [.. settings.Select(setting => setting.Beta).Distinct().Order()],
        ScoringName.For(settings[0].Scoring),
        settings[0].NormalizeInputs,
        [.. settings.Select(setting => setting.Fusion.ToString()).Distinct()],
        settings[0].MissingCaptions == Galleries.MissingCaptions.ImageOnly ? "image-only" : "empty-text",
        settings[0].MissingEvidence == Evaluation.Settings.MissingEvidence.StandIn ? "stand-in" : "refuse");
}
