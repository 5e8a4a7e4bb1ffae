using ZeroShotCir.Composition;

namespace ZeroShotCir.Tool.Options;

/// <summary>The paper's weights for CLIP.</summary>
internal static class EvaluationDefaults
{
    public const double Alpha = StrategyArguments.DefaultAlpha;

    public const double Beta = Folding.DefaultBeta;
}
