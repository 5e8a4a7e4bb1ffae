using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>
/// Every product of packed queries with packed rows. The one way in which similarities are computed that strategies turn into scores, for
/// searching and for measuring, so that both see the same bits.
/// </summary>
internal static class PanelProducts
{
    /// <summary>The length of vectors packed into panels.</summary>
    public static int LengthOf(int count, int dimensions, int width) => checked((count + width - 1) / width * width * dimensions);

    /// <summary>Packs vectors into panels.</summary>
    /// <param name="vectors">The vectors, one after the other.</param>
    /// <param name="dimensions">The number of components of each.</param>
    /// <param name="panels">Receives the panels, the last one filled with zeros; as long as <see cref="LengthOf"/> says.</param>
    /// <param name="width">How many vectors a panel holds.</param>
    public static void Pack(ReadOnlySpan<float> vectors, int dimensions, Span<float> panels, int width)
    {
        for (; !vectors.IsEmpty; panels = panels[(width * dimensions)..])
        {
            int length = Math.Min(width * dimensions, vectors.Length);
            Transposition.Pack(vectors[..length], dimensions, panels[..(width * dimensions)], width);
            vectors = vectors[length..];
        }
    }

    /// <summary>Multiplies all queries with one panel of rows.</summary>
    /// <param name="kernels">The kernels that the panels are packed for.</param>
    /// <param name="queries">The queries' panels.</param>
    /// <param name="count">The number of queries.</param>
    /// <param name="panel">The rows' panel.</param>
    /// <param name="rows">The number of rows in it.</param>
    /// <param name="products">Receives the products of the first query with these rows, and of the others.</param>
    /// <param name="stride">How far apart the products of two queries begin.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ScanKernels kernels, ReadOnlySpan<float> queries, int count, ReadOnlySpan<float> panel, int rows, Span<float> products, int stride)
    {
        int height = kernels.PanelQueries;
        int width = kernels.PanelRows;
        int dimensions = panel.Length / width;
        Span<float> tile = stackalloc float[height * width];
        for (int first = 0; first < count; first += height)
        {
            ReadOnlySpan<float> some = queries.Slice(first * dimensions, height * dimensions);
            int present = Math.Min(height, count - first);
            if (rows == width && present == height)
            {
                kernels.MultiplyPanels(some, panel, dimensions, products[(first * stride)..], stride);
                continue;
            }

            kernels.MultiplyPanels(some, panel, dimensions, tile, width);
            for (int query = 0; query < present; query++)
            {
                tile.Slice(query * width, rows).CopyTo(products.Slice((first + query) * stride, rows));
            }
        }
    }
}
