using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The vectors of all queries on one path, with the lengths of their terms and the angles between them.</summary>
internal sealed class PathVectors
{
    private readonly Dictionary<VectorChannel, EmbeddingMatrix> _channels = [];
    private readonly Dictionary<CompositionStrategy, ComposedVectors?[]> _derived = [];
    private readonly IReadOnlyList<CompositionStrategy> _strategies;
    private readonly TermSet?[] _terms;
    private readonly TermGeometry?[] _geometries;

    /// <param name="strategies">What reads the vectors.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="build">Gives the terms of a query with the roles that are read.</param>
    public PathVectors(IReadOnlyList<CompositionStrategy> strategies, int queries, int dimensions, Func<int, TermSet> build)
        : this([.. strategies.Distinct()], queries)
    {
        CompositionStrategy[] kinds = [.. _strategies.DistinctBy(strategy => strategy.ToString())];
        for (int query = 0; query < queries; query++)
        {
            TermSet terms = build(query);
            _terms[query] = terms;
            _geometries[query] = terms.Measure();
            foreach (CompositionStrategy strategy in kinds)
            {
                strategy.ThrowIfTermsDoNotFit(role => strategy.Roles.Contains(role) && terms.Has(role));
            }
        }

        Write(RoleChannels(), dimensions);
        Derive(dimensions);
    }

    private PathVectors(IReadOnlyList<CompositionStrategy> distinct, int queries)
    {
        _strategies = distinct;
        _terms = new TermSet?[queries];
        _geometries = new TermGeometry?[queries];
    }

    /// <summary>The same queries on another path, on which something else stands for the reference image; all other vectors are shared.</summary>
    /// <param name="replace">Gives the terms of a query on that path; <see langword="null"/> where the path says nothing of it.</param>
    public PathVectors WithImages(Func<int, TermSet, TermSet?> replace)
    {
        PathVectors other = new(_strategies, _terms.Length);
        int dimensions = _terms.Length > 0 ? _terms[0]!.Dimensions : 1;
        for (int query = 0; query < _terms.Length; query++)
        {
            other._terms[query] = replace(query, _terms[query]!);
            other._geometries[query] = other._terms[query]?.Measure();
        }

        ILookup<bool, VectorChannel> channels = RoleChannels().ToLookup(channel => channel.Role == TermRole.Image);
        foreach (VectorChannel shared in channels[false])
        {
            other._channels[shared] = _channels[shared];
        }

        other.Write([.. channels[true]], dimensions);
        other.Derive(dimensions);
        return other;
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

    private VectorChannel[] RoleChannels()
        => [.. _strategies.Where(strategy => !strategy.DerivesVectors).SelectMany(strategy => VectorChannel.For(strategy, 0)).Distinct()];

    private void Write(VectorChannel[] roles, int dimensions)
    {
        foreach (VectorChannel channel in roles)
        {
            Memory<float> values = Allocate(channel, dimensions);
            for (int query = 0; query < _terms.Length; query++)
            {
                if (_terms[query] is { } terms && terms.Has(channel.Role))
                {
                    terms.CopyDirection(channel.Role, values.Span.Slice(query * dimensions, dimensions));
                }
            }
        }
    }

    // Products are computed of one vector of all queries after the other.
    private void Derive(int dimensions)
    {
        foreach (CompositionStrategy strategy in _strategies.Where(strategy => strategy.DerivesVectors))
        {
            _derived.Add(strategy, [.. _terms.Select(terms => terms is null ? null : strategy.Vectors(terms))]);
            foreach (VectorChannel channel in VectorChannel.For(strategy, CountOf(strategy)))
            {
                Memory<float> values = Allocate(channel, dimensions);
                for (int query = 0; query < _terms.Length; query++)
                {
                    if (Has(query, strategy, channel.Index))
                    {
                        _derived[strategy][query]![channel.Index].CopyTo(values.Span.Slice(query * dimensions, dimensions));
                    }
                }
            }
        }
    }

    private Memory<float> Allocate(VectorChannel channel, int dimensions)
    {
        _channels[channel] = EmbeddingMatrix.Allocate(_terms.Length, dimensions, out Memory<float> values);
        return values;
    }
}
