using ZeroShotCir.Evaluation;

namespace ZeroShotCir.Evaluator.Runs;

/// <summary>How similarities became rankings; several weights in a sweep.</summary>
internal sealed record SettingManifest(
    IReadOnlyList<double> Alphas,
    IReadOnlyList<double> Betas,
    string Scoring,
    bool NormalizeInputs,
    IReadOnlyList<string> Fusions,
    string MissingCaptions)
{
    public static SettingManifest Of(IReadOnlyList<EvaluationSetting> settings) => new(
        [.. settings.Select(setting => setting.Alpha).Distinct().Order()],
        [.. settings.Select(setting => setting.Beta).Distinct().Order()],
        settings[0].Scoring.ToString().ToLowerInvariant(),
        settings[0].NormalizeInputs,
        [.. settings.Select(setting => setting.Fusion.ToString()).Distinct()],
        settings[0].MissingCaptions == Galleries.MissingCaptions.ImageOnly ? "image-only" : "empty-text");
}
