namespace ZeroShotCir.Evaluator.Commands;

/// <summary>The paper's weights for CLIP.</summary>
internal static class EvaluationDefaults
{
    public const double Alpha = 0.8;
    public const double Beta = 0.1;
}
