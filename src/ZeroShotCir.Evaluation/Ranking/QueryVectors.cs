using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The vectors of all queries on one path, with the lengths of their terms and the angles between them.</summary>
internal sealed class QueryVectors
{
    private readonly Dictionary<VectorChannel, EmbeddingMatrix> _channels = [];
    private readonly Dictionary<CompositionStrategy, ComposedVectors?[]> _derived = [];
    private readonly TermGeometry?[] _geometries;

    /// <param name="strategies">What reads the vectors.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="build">Gives the terms of a query with the roles that are read; <see langword="null"/> where the path says nothing of it.</param>
    public QueryVectors(IReadOnlyList<CompositionStrategy> strategies, int queries, int dimensions, Func<int, TermSet?> build)
    {
        CompositionStrategy[] distinct = [.. strategies.Distinct()];
        CompositionStrategy[] kinds = [.. distinct.DistinctBy(strategy => strategy.ToString())];
        CompositionStrategy[] deriving = [.. distinct.Where(strategy => strategy.DerivesVectors)];
        VectorChannel[] roles = [.. distinct.Where(strategy => !strategy.DerivesVectors).SelectMany(strategy => VectorChannel.Of(strategy, 0)).Distinct()];
        Memory<float>[] values = [.. roles.Select(role => Allocate(role, queries, dimensions))];
        foreach (CompositionStrategy strategy in deriving)
        {
            _derived.Add(strategy, new ComposedVectors?[queries]);
        }

        _geometries = new TermGeometry?[queries];
        for (int query = 0; query < queries; query++)
        {
            if (build(query) is not { } terms)
            {
                continue;
            }

            _geometries[query] = terms.Measure();
            foreach (CompositionStrategy strategy in kinds)
            {
                strategy.ThrowIfTermsDoNotFit(role => strategy.Roles.Contains(role) && terms.Has(role));
            }

            for (int i = 0; i < roles.Length; i++)
            {
                if (terms.Has(roles[i].Role))
                {
                    terms.CopyDirection(roles[i].Role, values[i].Span.Slice(query * dimensions, dimensions));
                }
            }

            foreach (CompositionStrategy strategy in deriving)
            {
                _derived[strategy][query] = strategy.Vectors(terms);
            }
        }

        foreach (CompositionStrategy strategy in deriving)
        {
            Spread(strategy, queries, dimensions);
        }
    }

    /// <summary>How many vectors a strategy derives at most of one query; 0 where it derives none.</summary>
    public int CountOf(CompositionStrategy strategy) => strategy.DerivesVectors ? _derived[strategy].Max(vectors => vectors?.Count ?? 0) : 0;

    /// <summary>The vectors of a channel; <see langword="null"/> where no query has it on this path.</summary>
    public EmbeddingMatrix? Units(VectorChannel channel) => _channels.GetValueOrDefault(channel);

    /// <summary>The measures of a query's terms; <see langword="null"/> where the path says nothing of it.</summary>
    public TermGeometry? Geometry(int query) => _geometries[query];

    /// <summary>Whether a query has a vector of a strategy.</summary>
    public bool Has(int query, CompositionStrategy strategy, int vector) => strategy.DerivesVectors
        ? _derived[strategy][query] is { } derived && vector < derived.Count && derived.Has(vector)
        : Geometry(query)!.Has(strategy.Roles[vector]);

    /// <summary>What belongs to the similarities of a strategy's vectors.</summary>
    public ReadOnlySpan<float> Shifts(int query, CompositionStrategy strategy) => strategy.DerivesVectors ? _derived[strategy][query]!.Shifts : default;

    private Memory<float> Allocate(VectorChannel channel, int queries, int dimensions)
    {
        _channels[channel] = EmbeddingMatrix.Allocate(queries, dimensions, out Memory<float> values);
        return values;
    }

    // Products are computed of one vector of all queries after the other.
    private void Spread(CompositionStrategy strategy, int queries, int dimensions)
    {
        foreach (VectorChannel channel in VectorChannel.Of(strategy, CountOf(strategy)))
        {
            Memory<float> values = Allocate(channel, queries, dimensions);
            for (int query = 0; query < queries; query++)
            {
                if (Has(query, strategy, channel.Index))
                {
                    _derived[strategy][query]![channel.Index].CopyTo(values.Span.Slice(query * dimensions, dimensions));
                }
            }
        }
    }
}
