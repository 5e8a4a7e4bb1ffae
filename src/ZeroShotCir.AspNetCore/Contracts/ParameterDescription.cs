namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>A parameter of a strategy.</summary>
internal sealed class ParameterDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a few words.</summary>
    public required string Description { get; init; }

    /// <summary>What it is where nobody says.</summary>
    public required double Default { get; init; }

    /// <summary>The least value, where there is one.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest value, where there is one.</summary>
    public double? Maximum { get; init; }
}
