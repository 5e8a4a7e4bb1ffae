using System.Globalization;

namespace ZeroShotCir.Evaluation;

/// <summary>A fusion by name and parameters, as options and results write it; α comes from the setting.</summary>
/// <remarks>
/// Where a strategy works on scores, it fuses the similarities to images and the similarities to captions separately, and β weighs the
/// two as it does for any other. Strategies that need a description of the reference take the mean direction of its captions, and
/// those that need one of the target take <see cref="Features.EvaluationFeatures.TargetDescriptions"/>. <c>target</c> is the weighted sum
/// with the description in the place of the text: at α = 1 the description alone (CIReVL; LDRE where several are averaged).
/// </remarks>
public sealed record FusionStrategy
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, double>> Defaults = new(StringComparer.Ordinal)
    {
        ["weighted"] = new Dictionary<string, double>(),
        ["slerp"] = new Dictionary<string, double>(),
        ["hadamard"] = new Dictionary<string, double>(),
        ["centred"] = new Dictionary<string, double>(),
        ["late-linear"] = new Dictionary<string, double>(),
        ["late-cdf"] = new Dictionary<string, double> { ["ddof"] = 1 },
        ["product"] = new Dictionary<string, double>(),
        ["target"] = new Dictionary<string, double>(),
        ["pdv"] = new Dictionary<string, double> { ["image"] = 1, ["text"] = 1 },
        ["sdr"] = new Dictionary<string, double> { ["beta"] = 0.4 },
        ["seize"] = new Dictionary<string, double> { ["neg"] = 0.13, ["pos"] = 2.1 },
        ["arithmetic"] = new Dictionary<string, double> { ["image"] = 1, ["text"] = 1, ["description"] = 0 },
    };

    private FusionStrategy(string name, IReadOnlyDictionary<string, double> parameters)
    {
        Name = name;
        Parameters = parameters;
    }

    /// <summary>The weighted sum of WeiMoCIR, <see cref="Fusion.WeightedFusion"/>.</summary>
    public static FusionStrategy Weighted { get; } = Parse("weighted");

    /// <summary>The names of all strategies.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Defaults.Keys];

    /// <summary>The name, such as <c>slerp</c>.</summary>
    public string Name { get; }

    /// <summary>The parameters beside α.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; }

    /// <summary>Whether α changes anything.</summary>
    public bool UsesAlpha => Name is not ("hadamard" or "product" or "seize" or "arithmetic");

    /// <summary>Whether it takes a description of the target.</summary>
    public bool UsesTarget => Name is "target" or "pdv" or "sdr" or "seize";

    /// <summary>Reads a strategy: a name, and behind a colon those parameters that are not left at their default.</summary>
    /// <param name="text">
    /// Such as <c>slerp</c>, <c>late-cdf:ddof=0</c>, <c>pdv:image=1.2,text=1.4</c>, <c>sdr:beta=0.5</c>, <c>seize:neg=0.22,pos=1</c> or
    /// <c>arithmetic:image=1,text=2,description=-0.5</c>.
    /// </param>
    /// <returns>The strategy.</returns>
    /// <exception cref="ArgumentException">The name or a parameter is not known, or a value is not a number.</exception>
    public static FusionStrategy Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        if (!Defaults.TryGetValue(parts[0], out IReadOnlyDictionary<string, double>? defaults))
        {
            throw new ArgumentException($"The fusion '{parts[0]}' is not known; known are {string.Join(", ", Defaults.Keys)}.", nameof(text));
        }

        Dictionary<string, double> parameters = new(defaults, StringComparer.Ordinal);
        foreach (string pair in parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.TrimEntries) : [])
        {
            string[] sides = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || !parameters.ContainsKey(sides[0])
                || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            {
                string known = defaults.Count == 0 ? "it has no parameters" : $"expected name=number with a name of {string.Join(", ", defaults.Keys)}";
                throw new ArgumentException($"The parameter '{pair}' of the fusion '{parts[0]}' cannot be read: {known}.", nameof(text));
            }

            parameters[sides[0]] = value;
        }

        return new FusionStrategy(parts[0], parameters);
    }

    /// <inheritdoc/>
    public bool Equals(FusionStrategy? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The strategy as <see cref="Parse"/> reads it.</summary>
    /// <returns>Name and parameters.</returns>
    public override string ToString() => Parameters.Count == 0
        ? Name
        : $"{Name}:{string.Join(',', Parameters.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value}")))}";
}
