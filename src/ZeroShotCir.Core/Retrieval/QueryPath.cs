using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Retrieval;

/// <summary>The vectors of a query on the way to one kind of rows: the images, or the captions at a position. Thread-safe.</summary>
internal sealed class QueryPath(CompositionStrategy strategy, TermSet terms)
{
    private readonly Lazy<EmbeddingMatrix> _vectors = new(() => strategy is LinearStrategy linear ? EmbeddingMatrix.Wrap(linear.Compose(terms), terms.Dimensions) : strategy.Vectors(terms));
    private readonly Lazy<TermGeometry> _geometry = new(terms.Measure);

    public TermSet Terms => terms;

    /// <summary>One composed vector, or one for each similarity that the strategy reads; zeros where the query has no such term.</summary>
    public EmbeddingMatrix Vectors => _vectors.Value;

    public TermGeometry Geometry => _geometry.Value;

    /// <summary>Whether the query has the vector at a position.</summary>
    public bool Has(int vector) => strategy is LinearStrategy || strategy.DerivedVectors > 0 || terms.Has(strategy.Roles[vector]);
}
