namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>A composition strategy.</summary>
internal sealed class StrategyDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Its formula.</summary>
    public required string Formula { get; init; }

    /// <summary>Where it was published.</summary>
    public required string Source { get; init; }

    /// <summary>Whether the weight of the text changes anything.</summary>
    public required bool UsesAlpha { get; init; }

    /// <summary>What it reads: <c>image</c>, <c>text</c>, <c>mustHave</c>, <c>mustNot</c> and others.</summary>
    public required IReadOnlyList<string> Reads { get; init; }

    /// <summary>What of that it cannot do without.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>Its parameters.</summary>
    public required IReadOnlyList<ParameterDescription> Parameters { get; init; }

    /// <summary>Why it cannot be used here; left out where it can.</summary>
    public string? Unavailable { get; init; }
}
