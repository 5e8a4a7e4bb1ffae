using ZeroShotCir.Composition;

namespace ZeroShotCir.Evaluation.Settings;

/// <summary>A setting and what people call it.</summary>
internal sealed record NamedSetting(string Name, EvaluationSetting Setting)
{
    /// <summary>The weights and whatever is not the default, in a few words.</summary>
    public string Detail => string.Join(", ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Setting.Fusion.Definition.UsesAlpha)
        {
            yield return FormattableString.Invariant($"α {Setting.Alpha:0.##}");
        }

        if (Setting.Beta > 0)
        {
            yield return FormattableString.Invariant($"β {Setting.Beta:0.##}");
        }

        if (!Setting.Fusion.Equals(CompositionStrategy.Weighted))
        {
            yield return Setting.Fusion.ToString();
        }

        if (Setting.Scoring == Galleries.Scoring.PublishedCode)
        {
            yield return "published code's scoring";
        }

        if (!Setting.NormalizeInputs)
        {
            yield return "raw inputs";
        }
    }
}
