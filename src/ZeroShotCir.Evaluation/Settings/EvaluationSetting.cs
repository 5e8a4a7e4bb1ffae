using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Evaluation.Settings;

/// <summary>One way to rank: what results are compared over.</summary>
public sealed record EvaluationSetting
{
    /// <summary>The weight of the text against the reference image, the paper's α.</summary>
    /// <value>In [0, 1]. The default value is 0.8, the paper's setting for CLIP.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Alpha
    {
        get;
        init => field = Share(value, nameof(Alpha));
    } = StrategyArguments.DefaultAlpha;

    /// <summary>The weight of captions against images in the score, the paper's β.</summary>
    /// <value>In [0, 1]. The default value is 0.1, the paper's setting for CLIP.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Beta
    {
        get;
        init => field = Share(value, nameof(Beta));
    } = Folding.DefaultBeta;

    /// <summary>The formula of the score.</summary>
    /// <value>The default value is <see cref="Scoring.Paper"/>.</value>
    public Scoring Scoring { get; init; }

    /// <summary>Whether a weighted sum takes both halves at unit length; other fusions always do.</summary>
    /// <value>The default value is <see langword="true"/>; the published code fuses raw embeddings.</value>
    public bool NormalizeInputs { get; init; } = true;

    /// <summary>How the terms of a query become scores; its weight of the text and what it takes of lengths come from this setting.</summary>
    /// <value>The default value is the weighted sum.</value>
    public CompositionStrategy Fusion
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Fusion));
            field = value.WithAlpha(StrategyArguments.DefaultAlpha).WithNormalizedInputs(true);
        }
    } = CompositionStrategy.Weighted;

    /// <summary>How an image without captions is scored.</summary>
    /// <value>The default value is <see cref="MissingCaptions.EmptyText"/>, as in the published code.</value>
    public MissingCaptions MissingCaptions { get; init; } = MissingCaptions.EmptyText;

    /// <summary>What becomes of a query that lacks evidence that its strategy reads.</summary>
    /// <value>The default value is <see cref="MissingEvidence.Refuse"/>.</value>
    public MissingEvidence MissingEvidence { get; init; }

    /// <summary>The strategy with this setting's weight of the text: what is evaluated, and what a retriever searches with.</summary>
    public CompositionStrategy Strategy => Fusion.WithAlpha(Alpha).WithNormalizedInputs(NormalizeInputs);

    private static double Share(double value, string name) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A weight must lie in [0, 1].");
}
