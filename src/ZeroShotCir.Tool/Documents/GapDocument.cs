using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The composition gap: R@10 with both halves less the better of each alone, in points with its 95 % interval; shares in percent.</summary>
internal sealed record GapDocument(double Gap, double Lower, double Upper, bool WithinNoise, double Both, double TextOnly, double ImageOnly)
{
    public static GapDocument From(CompositionGap gap) => new(gap.Gap.Estimate, gap.Gap.Lower, gap.Gap.Upper, gap.IsWithinNoise, gap.Both, gap.TextOnly, gap.ImageOnly);
}
