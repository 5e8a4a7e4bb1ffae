using ZeroShotCir.Composition;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>One vector of every query that is compared with the gallery: that of a role, or one that a strategy derives.</summary>
/// <param name="Role">The role; what it is does not matter where a strategy derives the vector.</param>
/// <param name="Strategy">The strategy that derives the vector; <see langword="null"/> where it is a role's.</param>
/// <param name="Index">Which of the derived vectors.</param>
internal readonly record struct VectorChannel(TermRole Role, CompositionStrategy? Strategy, int Index)
{
    /// <summary>The channels of a strategy.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="derived">How many vectors it derives at most, where it does.</param>
    public static IEnumerable<VectorChannel> For(CompositionStrategy strategy, int derived) => strategy.DerivesVectors
        ? Enumerable.Range(0, derived).Select(index => new VectorChannel(default, strategy, index))
        : strategy.Roles.Select(role => new VectorChannel(role, null, 0));
}
