using System.Globalization;

namespace ZeroShotCir.Composition;

/// <summary>What a composition strategy is made with: its row of the table, the weight of the text, and its parameters.</summary>
/// <remarks>Immutable. Two are equal when they name the same strategy with the same numbers.</remarks>
public sealed class StrategyArguments : IEquatable<StrategyArguments>
{
    /// <summary>The weight of the text where nobody says, the paper's setting for CLIP.</summary>
    public const double DefaultAlpha = 0.8;

    /// <summary>Gathers arguments.</summary>
    /// <param name="definition">The row of the table.</param>
    /// <param name="parameters">Parameters by name; those that are left out have their defaults.</param>
    /// <param name="alpha">The weight of the text, the paper's α, in [0, 1].</param>
    /// <param name="normalizeInputs">Whether embeddings are scaled to unit length before they are added.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> or a parameter lies outside its range.</exception>
    /// <exception cref="ArgumentException">A parameter is not known.</exception>
    public StrategyArguments(
        StrategyDefinition definition, IReadOnlyDictionary<string, double>? parameters = null, double alpha = DefaultAlpha, bool normalizeInputs = true)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!(alpha is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The weight of the text must lie in [0, 1].");
        }

        Dictionary<string, double> values = definition.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal);
        foreach ((string name, double value) in parameters ?? new Dictionary<string, double>())
        {
            StrategyParameter parameter = definition.ParameterNamed(name);
            values[name] = parameter.Contains(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(parameters), value, $"The parameter '{name}' of '{definition.Name}' must be {parameter.Range}.");
        }

        Definition = definition;
        Parameters = values;
        Alpha = alpha;
        NormalizeInputs = normalizeInputs;
    }

    /// <summary>The row of the table.</summary>
    public StrategyDefinition Definition { get; }

    /// <summary>Every parameter's value by name.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; }

    /// <summary>The weight of the text, the paper's α, in [0, 1].</summary>
    public double Alpha { get; }

    /// <summary>Whether embeddings are scaled to unit length before they are added; only a weighted sum asks.</summary>
    public bool NormalizeInputs { get; }

    /// <summary>A parameter's value.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">The strategy has no such parameter.</exception>
    public double this[string name] => Parameters[name];

    /// <inheritdoc/>
    public bool Equals(StrategyArguments? other) => other is not null
        && (ReferenceEquals(Definition, other.Definition)
            && Alpha.Equals(other.Alpha)
            && NormalizeInputs == other.NormalizeInputs
            && Definition.Parameters.All(parameter => this[parameter.Name].Equals(other[parameter.Name])));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StrategyArguments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Definition.Name, Alpha, NormalizeInputs, Parameters.Values.Sum());

    /// <summary>Name and parameters as options write them; α is written apart.</summary>
    /// <returns>Such as <c>pdv:image=1.2,text=1</c>.</returns>
    public override string ToString() => Definition.Parameters.Count == 0
        ? Definition.Name
        : $"{Definition.Name}:{string.Join(',', Definition.Parameters.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}={this[p.Name]}")))}";
}
