using ZeroShotCir.Composition;

namespace ZeroShotCir.Evaluation.Settings;

/// <summary>A setting and what people call it.</summary>
public sealed class NamedSetting
{
    /// <summary>Names a setting.</summary>
    /// <param name="name">What it is called in tables, such as <c>fused + captions</c>.</param>
    /// <param name="setting">The setting.</param>
    public NamedSetting(string name, EvaluationSetting setting)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(setting);
        Name = name;
        Setting = setting;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The setting.</summary>
    public EvaluationSetting Setting { get; }

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
