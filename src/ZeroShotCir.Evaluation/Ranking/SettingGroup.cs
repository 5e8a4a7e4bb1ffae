using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Settings that differ in β alone and therefore share the similarities of one query.</summary>
internal sealed class SettingGroup
{
    // Fewer weights are as quick to look at one by one.
    private const int LeastCounted = 8;

    public SettingGroup(IReadOnlyList<EvaluationSetting> settings, IReadOnlyList<int> positions)
    {
        // Ascending, so that 1, which is counted on its own, comes last.
        Positions = [.. positions.OrderBy(position => settings[position].Beta)];
        Betas = [.. Positions.Select(position => (float)settings[position].Beta)];
        Grid = UsesCaptions && Betas.Length >= LeastCounted ? WeightGrid.Find(Betas) : null;
        Strategy = settings[Positions[0]].Strategy;
    }

    public CompositionStrategy Strategy { get; }

    /// <summary>The weights of captions, ascending.</summary>
    public float[] Betas { get; }

    /// <summary>The grid that the weights are on; <see langword="null"/> where they are on none, or too few to count on it.</summary>
    public WeightGrid? Grid { get; }

    /// <summary>For each weight, the position of its setting.</summary>
    public int[] Positions { get; }

    public bool UsesCaptions => Betas[^1] > 0;
}
