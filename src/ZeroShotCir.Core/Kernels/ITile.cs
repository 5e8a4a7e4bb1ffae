namespace ZeroShotCir.Kernels;

/// <summary>
/// The register tile of a batch: all products of a panel of queries with a panel of rows, without a sum across lanes.
/// </summary>
/// <remarks>
/// A panel holds its vectors side by side: component <c>d</c> of all of them, then component <c>d + 1</c>. In integer panels
/// a slot of 32 bits holds two consecutive components as int16.
/// </remarks>
internal interface ITile
{
    /// <summary>The number of queries in a panel.</summary>
    static abstract int Queries { get; }

    /// <summary>The number of rows in a panel; at most 64.</summary>
    static abstract int Rows { get; }

    /// <summary>
    /// Multiplies panels of floats. Each product is one chain of fused multiply-adds in the order of the components, so that it depends
    /// neither on the place in a panel nor on the instruction set.
    /// </summary>
    /// <param name="queries">The queries' panel.</param>
    /// <param name="rows">The rows' panel.</param>
    /// <param name="depth">The number of components.</param>
    /// <param name="sums">Receives <see cref="Rows"/> products for each of <see cref="Queries"/> queries.</param>
    /// <param name="stride">How far apart the products of two queries begin.</param>
    static abstract void Multiply(ref readonly float queries, ref readonly float rows, int depth, ref float sums, nuint stride);

    /// <summary>Multiplies panels of int16 pairs.</summary>
    /// <param name="queries">The queries' panel.</param>
    /// <param name="rows">The rows' panel.</param>
    /// <param name="depth">The number of pairs.</param>
    /// <param name="sums">Receives <see cref="Queries"/> × <see cref="Rows"/> products, converted to float, query by query.</param>
    static abstract void Multiply(ref readonly int queries, ref readonly int rows, int depth, ref float sums);

    /// <summary>A bit for each row of whose bound sum · scale + margin · slack it is not certain that it stays below the threshold.</summary>
    /// <param name="sums">The products of one query with the panel.</param>
    /// <param name="scales">A factor for each row's product.</param>
    /// <param name="margins">A factor for each row's slack.</param>
    /// <param name="slack">The query's slack.</param>
    /// <param name="threshold">What must be reached.</param>
    static abstract ulong Reaching(
        ref readonly float sums, ref readonly float scales, ref readonly float margins, float slack, float threshold);
}
