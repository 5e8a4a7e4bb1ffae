namespace ZeroShotCir.Galleries;

/// <summary>How the filters of a <see cref="FilterGroup"/> are taken together.</summary>
public enum FilterGroupKind
{
    /// <summary>All must match.</summary>
    All,

    /// <summary>At least one must match.</summary>
    Any,

    /// <summary>None may match.</summary>
    None,
}
