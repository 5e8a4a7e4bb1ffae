using System.Buffers;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Similarity;

/// <summary>Every inner product of many queries with many rows: the full matrix of similarities, where a search keeps only the best.</summary>
/// <remarks>
/// The rows are copied once into panels of 48 interleaved rows, so that one vector register holds one component
/// of many rows and no product needs a horizontal sum. Each product is one chain of fused multiply-adds in the order of the
/// components, so it depends neither on the row's position nor on how queries are grouped, and equal rows get equal products.
/// Immutable; serves concurrent callers, and callers that want several threads share out the queries.
/// </remarks>
public sealed class InnerProducts
{
    private const int PanelRows = ProductTile.PanelRows;
    private const int QueryTile = ProductTile.QueryTile;
    private readonly EmbeddingMatrix _panels;

    /// <summary>Packs rows.</summary>
    /// <param name="rows">The rows; copied.</param>
    /// <exception cref="InvalidEmbeddingException">A component is not finite.</exception>
    public InnerProducts(EmbeddingMatrix rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        EmbeddingGuard.ThrowIfNotFinite(rows, "The embedding");
        Rows = rows.Rows;
        Dimensions = rows.Dimensions;
        int panels = (rows.Rows + PanelRows - 1) / PanelRows;
        _panels = EmbeddingMatrix.Allocate(panels, checked(PanelRows * rows.Dimensions), out Memory<float> packed);
        for (int row = 0; row < rows.Rows; row++)
        {
            (int panel, int lane) = Math.DivRem(row, PanelRows);
            Span<float> destination = packed.Span.Slice(panel * PanelRows * Dimensions, PanelRows * Dimensions);
            ReadOnlySpan<float> source = rows[row];
            for (int i = 0, at = lane; i < source.Length; i++, at += PanelRows)
            {
                destination[at] = source[i];
            }
        }
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

        int tiles = (queries.Rows + QueryTile - 1) / QueryTile;
        float[] packed = ArrayPool<float>.Shared.Rent(tiles * QueryTile * Dimensions);
        try
        {
            PackQueries(queries, packed);
            Compute(packed, queries.Rows, products);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(packed);
        }
    }

    private void Compute(ReadOnlySpan<float> packed, int queries, Span<float> products)
    {
        int tiles = (queries + QueryTile - 1) / QueryTile;
        Span<float> tile = stackalloc float[QueryTile * PanelRows];
        for (int panel = 0; panel < _panels.Rows; panel++)
        {
            ReadOnlySpan<float> rows = _panels[panel];
            int firstRow = panel * PanelRows;
            int width = Math.Min(PanelRows, Rows - firstRow);
            for (int t = 0; t < tiles; t++)
            {
                int firstQuery = t * QueryTile;
                int height = Math.Min(QueryTile, queries - firstQuery);
                ReadOnlySpan<float> packedTile = packed.Slice(firstQuery * Dimensions, QueryTile * Dimensions);
                if (width == PanelRows && height == QueryTile)
                {
                    ProductTile.Compute(packedTile, rows, products[((firstQuery * Rows) + firstRow)..], Rows);
                    continue;
                }

                ProductTile.Compute(packedTile, rows, tile, PanelRows);
                for (int q = 0; q < height; q++)
                {
                    tile.Slice(q * PanelRows, width).CopyTo(products.Slice(((firstQuery + q) * Rows) + firstRow, width));
                }
            }
        }
    }

    private static void PackQueries(EmbeddingMatrix queries, Span<float> packed)
    {
        for (int query = 0; query < queries.Rows; query++)
        {
            (int tile, int lane) = Math.DivRem(query, QueryTile);
            Span<float> destination = packed[(tile * QueryTile * queries.Dimensions)..];
            ReadOnlySpan<float> source = queries[query];
            for (int i = 0, at = lane; i < source.Length; i++, at += QueryTile)
            {
                destination[at] = source[i];
            }
        }
    }
}
