namespace ZeroShotCir.Composition;

/// <summary>A row of the table of composition strategies: everything that options, help, manifests and errors say of it.</summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public sealed class StrategyDefinition
{
    private readonly Func<StrategyArguments, CompositionStrategy> _create;

    /// <summary>Describes a strategy.</summary>
    /// <param name="name">Its name, as options and results write it.</param>
    /// <param name="terms">The roles that it reads, in the order of its vectors; at least one.</param>
    /// <param name="create">Makes the strategy of its arguments.</param>
    /// <exception cref="ArgumentException">The name is empty or no role is read.</exception>
    public StrategyDefinition(string name, IReadOnlyList<StrategyTerm> terms, Func<StrategyArguments, CompositionStrategy> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(create);
        if (terms.Count == 0)
        {
            throw new ArgumentException($"The strategy '{name}' reads no terms; at least one is needed.", nameof(terms));
        }

        Name = name;
        Terms = [.. terms];
        _create = create;
    }

    /// <summary>Its name, as options and results write it.</summary>
    public string Name { get; }

    /// <summary>Other spellings that are read, too.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>What it does, in one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Its formula.</summary>
    public string Formula { get; init; } = "";

    /// <summary>What a search with it costs, in scans of the gallery's rows.</summary>
    public string Cost { get; init; } = "1 scan";

    /// <summary>Where it was published.</summary>
    public string Source { get; init; } = "";

    /// <summary>The roles that it reads, in the order of its vectors.</summary>
    public IReadOnlyList<StrategyTerm> Terms { get; }

    /// <summary>Its parameters beside the weight of the text.</summary>
    public IReadOnlyList<StrategyParameter> Parameters { get; init; } = [];

    /// <summary>Whether the weight of the text α changes anything.</summary>
    public bool UsesAlpha { get; init; } = true;

    /// <summary>Makes the strategy.</summary>
    /// <param name="parameters">Parameters by name; those that are left out have their defaults.</param>
    /// <param name="alpha">The weight of the text, the paper's α, in [0, 1].</param>
    /// <param name="normalizeInputs">Whether embeddings are scaled to unit length before they are added.</param>
    /// <returns>The strategy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> or a parameter lies outside its range.</exception>
    /// <exception cref="ArgumentException">A parameter is not known.</exception>
    public CompositionStrategy Create(
        IReadOnlyDictionary<string, double>? parameters = null, double alpha = StrategyArguments.DefaultAlpha, bool normalizeInputs = true)
        => _create(new StrategyArguments(this, parameters, alpha, normalizeInputs));

    internal CompositionStrategy Create(StrategyArguments arguments) => _create(arguments);

    internal StrategyParameter ParameterNamed(string name)
        => Parameters.FirstOrDefault(parameter => parameter.Name == name) ?? throw new ArgumentException(
            $"The strategy '{Name}' has no parameter '{name}'; "
            + $"{(Parameters.Count == 0 ? "it has none" : $"it has {string.Join(", ", Parameters.Select(parameter => parameter.Name))}")}.", nameof(name));
}
