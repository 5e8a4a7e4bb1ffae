using ZeroShotCir.Buffers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Kernels;

namespace ZeroShotCir.Similarity;

/// <summary>Every inner product of many queries with many rows: the full matrix of similarities, where a search keeps only the best.</summary>
/// <remarks>
/// The rows are copied once into panels of interleaved rows, so that one vector register holds one component of many rows and no product
/// needs a horizontal sum. Each product is one chain of fused multiply-adds in the order of the components, so it depends neither on the
/// row's position nor on how queries are grouped nor on the processor, and equal rows get equal products.
/// Immutable; serves concurrent callers, and callers that want several threads share out the queries.
/// </remarks>
internal sealed class InnerProducts
{
    private readonly ScanKernels _kernels;
    private readonly EmbeddingMatrix _panels;

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The rows; copied.</param>
    /// <exception cref="InvalidEmbeddingException">A component is not finite.</exception>
    public InnerProducts(EmbeddingMatrix rows)
        : this(rows, ScanKernels.Best)
    {
    }

    internal InnerProducts(EmbeddingMatrix rows, ScanKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EmbeddingGuard.ThrowIfNotFinite(rows, "The embedding");
        _kernels = kernels;
        Rows = rows.Rows;
        Dimensions = rows.Dimensions;
        int width = kernels.PanelRows;
        _panels = EmbeddingMatrix.Allocate((rows.Rows + width - 1) / width, checked(width * rows.Dimensions), out Memory<float> packed);
        PanelProducts.Pack(rows.Values, Dimensions, packed.Span, width);
    }

    /// <summary>The number of rows, which is the number of products of one query.</summary>
    public int Rows { get; }

    /// <summary>The number of components.</summary>
    public int Dimensions { get; }

    /// <summary>Computes the products of a group of queries with every row.</summary>
    /// <param name="queries">The queries, one per row; groups of at least 64 make the best of the caches.</param>
    /// <param name="products">Receives <see cref="Rows"/> products for each query, row-major.</param>
    /// <exception cref="ArgumentException"><paramref name="products"/> has another length.</exception>
    /// <exception cref="InvalidEmbeddingException">The queries have another dimension.</exception>
    public void Compute(EmbeddingMatrix queries, Span<float> products)
    {
        ArgumentNullException.ThrowIfNull(queries);
        EmbeddingGuard.ThrowIfDimensionsDiffer(queries.Dimensions, Dimensions, "The query");
        if (products.Length != (long)queries.Rows * Rows)
        {
            throw new ArgumentException(
                $"The destination holds {products.Length} products, expected {queries.Rows} queries times {Rows} rows.", nameof(products));
        }

        using RentedArray<float> room = new(PanelProducts.LengthOf(queries.Rows, Dimensions, _kernels.PanelQueries));
        Span<float> packed = room.Span;
        PanelProducts.Pack(queries.Values, Dimensions, packed, _kernels.PanelQueries);
        for (int panel = 0; panel < _panels.Rows; panel++)
        {
            int first = panel * _kernels.PanelRows;
            PanelProducts.Multiply(_kernels, packed, queries.Rows, _panels[panel], Math.Min(_kernels.PanelRows, Rows - first), products[first..], Rows);
        }
    }
}
