using ZeroShotCir.Composition;

namespace ZeroShotCir.Tool.Options;

/// <summary>The paper's weights for CLIP.</summary>
internal static class EvaluationDefaults
{
    public static double Alpha => CompositionStrategy.Weighted.Alpha;

    public const double Beta = 0.1;
}
