using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Retrieval;

/// <summary>The vectors of a query on the way to one kind of rows: the images, or the captions at a position. Thread-safe.</summary>
internal sealed class QueryPath(CompositionStrategy strategy, TermSet terms)
{
    private readonly Lazy<float[]> _sum = new(() => ((LinearStrategy)strategy).Compose(terms));
    private readonly Lazy<ComposedVectors> _vectors = new(() => strategy.Vectors(terms));
    private readonly Lazy<TermGeometry> _geometry = new(terms.Measure);

    public TermSet Terms => terms;

    /// <summary>One composed vector, or one for each similarity that the strategy reads; zeros where the query has no such term.</summary>
    public EmbeddingMatrix Vectors => strategy is LinearStrategy ? EmbeddingMatrix.Wrap(_sum.Value, terms.Dimensions) : _vectors.Value.Matrix;

    /// <summary>What belongs to the similarities of each vector; empty for nothing.</summary>
    public ReadOnlySpan<float> Shifts => strategy is LinearStrategy ? default : _vectors.Value.Shifts;

    public TermGeometry Geometry => _geometry.Value;

    /// <summary>Whether the query has the vector at a position.</summary>
    public bool Has(int vector) => strategy is LinearStrategy || _vectors.Value.Has(vector);
}
