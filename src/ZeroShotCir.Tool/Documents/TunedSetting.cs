using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tool.Documents;

/// <summary>A setting that was chosen.</summary>
internal sealed record TunedSetting(string Fusion, double? Alpha, double Beta)
{
    public static TunedSetting From(EvaluationSetting setting) => new(setting.Fusion.ToString(), setting.Fusion.Definition.UsesAlpha ? setting.Alpha : null, setting.Beta);
}
