using ZeroShotCir.Composition;

namespace ZeroShotCir.Retrieval;

/// <summary>A query of a batch with its strategy and the terms that it gives.</summary>
/// <param name="query">The query.</param>
/// <param name="strategy">How it composes its terms.</param>
internal sealed class QueryEntry(ComposedQuery query, CompositionStrategy strategy)
{
    public ComposedQuery Query => query;

    public CompositionStrategy Strategy => strategy;

    /// <summary>The terms, with a composed embedding once it is there.</summary>
    public required IReadOnlyList<EvidenceTerm> Terms { get; set; }
}
