namespace ZeroShotCir.Composition;

/// <summary>A role that a composition strategy reads.</summary>
public sealed class StrategyTerm
{
    /// <summary>Names a role.</summary>
    /// <param name="role">The role.</param>
    /// <param name="isRequired">Whether a query without it is refused.</param>
    public StrategyTerm(TermRole role, bool isRequired)
    {
        Role = role;
        IsRequired = isRequired;
    }

    /// <summary>The role.</summary>
    public TermRole Role { get; }

    /// <summary>Whether a query without it is refused.</summary>
    public bool IsRequired { get; }
}
