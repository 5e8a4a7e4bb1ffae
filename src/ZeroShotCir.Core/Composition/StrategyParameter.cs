using System.Globalization;

namespace ZeroShotCir.Composition;

/// <summary>A number that a composition strategy can be told.</summary>
public sealed class StrategyParameter
{
    /// <summary>Describes a parameter.</summary>
    /// <param name="name">Its name, as options write it.</param>
    /// <param name="description">What it does, in a few words.</param>
    /// <param name="defaultValue">What it is where nobody says.</param>
    /// <param name="minimum">The least value.</param>
    /// <param name="maximum">The greatest value.</param>
    /// <exception cref="ArgumentException">The name is empty or the default lies outside the range.</exception>
    public StrategyParameter(string name, string description, double defaultValue, double minimum = double.MinValue, double maximum = double.MaxValue)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(description);
        Name = name;
        Description = description;
        Minimum = minimum;
        Maximum = maximum;
        Default = Contains(defaultValue)
            ? defaultValue
            : throw new ArgumentException($"The default {defaultValue} of the parameter '{name}' is not {Range}.", nameof(defaultValue));
    }

    /// <summary>Its name, as options write it.</summary>
    public string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    public string Description { get; }

    /// <summary>What it is where nobody says.</summary>
    public double Default { get; }

    /// <summary>The least value.</summary>
    public double Minimum { get; }

    /// <summary>The greatest value.</summary>
    public double Maximum { get; }

    /// <summary>The range in words.</summary>
    public string Range => (Minimum, Maximum) switch
    {
        (double.MinValue, double.MaxValue) => "a finite number",
        (_, double.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"a number of at least {Minimum}"),
        (double.MinValue, _) => string.Create(CultureInfo.InvariantCulture, $"a number of at most {Maximum}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a number from {Minimum} to {Maximum}"),
    };

    /// <summary>Whether a value lies in the range.</summary>
    /// <param name="value">The value.</param>
    public bool Contains(double value) => double.IsFinite(value) && value >= Minimum && value <= Maximum;
}
