using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>The vectors of all queries on one path, with the lengths of their terms and the angles between them.</summary>
internal sealed class QueryVectors
{
    private readonly Dictionary<VectorChannel, EmbeddingMatrix> _channels = [];
    private readonly TermGeometry?[] _geometries;

    /// <param name="strategies">What reads the vectors.</param>
    /// <param name="queries">The number of queries.</param>
    /// <param name="dimensions">The number of components.</param>
    /// <param name="build">Gives the terms of a query with the roles that are read; <see langword="null"/> where the path says nothing of it.</param>
    public QueryVectors(IReadOnlyList<CompositionStrategy> strategies, int queries, int dimensions, Func<int, TermSet?> build)
    {
        VectorChannel[] channels = [.. strategies.SelectMany(VectorChannel.Of).Distinct()];
        Memory<float>[] values = new Memory<float>[channels.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            _channels[channels[i]] = EmbeddingMatrix.Allocate(queries, dimensions, out values[i]);
        }

        CompositionStrategy[] kinds = [.. strategies.DistinctBy(strategy => strategy.ToString())];
        _geometries = new TermGeometry?[queries];
        for (int query = 0; query < queries; query++)
        {
            if (build(query) is { } terms)
            {
                _geometries[query] = terms.Measure();
                foreach (CompositionStrategy strategy in kinds)
                {
                    strategy.ThrowIfTermsDoNotFit(role => strategy.Roles.Contains(role) && terms.Has(role));
                }

                for (int i = 0; i < channels.Length; i++)
                {
                    Write(channels[i], terms, values[i].Span.Slice(query * dimensions, dimensions));
                }
            }
        }
    }

    public EmbeddingMatrix Units(VectorChannel channel) => _channels[channel];

    /// <summary>The measures of a query's terms; <see langword="null"/> where the path says nothing of it.</summary>
    public TermGeometry? Geometry(int query) => _geometries[query];

    private static void Write(VectorChannel channel, TermSet terms, Span<float> row)
    {
        if (channel.Strategy is { } strategy)
        {
            strategy.Vectors(terms)[channel.Index].CopyTo(row);
        }
        else if (terms.Has(channel.Role))
        {
            terms.CopyDirection(channel.Role, row);
        }
    }
}
