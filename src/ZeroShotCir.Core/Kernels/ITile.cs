namespace ZeroShotCir.Kernels;

/// <summary>
/// The register tile of a batch: all products of a panel of queries with a panel of rows, without a sum across lanes.
/// </summary>
/// <remarks>
/// A panel holds its vectors side by side, a slot of 32 bits for each: component <c>d</c> of all of them, then component <c>d + 1</c>.
/// In panels of pairs a slot holds two consecutive components as int16.
/// </remarks>
/// <typeparam name="T">What a slot holds: a float, or an int for a pair.</typeparam>
internal interface ITile<T>
    where T : unmanaged
{
    /// <summary>The number of queries in a panel.</summary>
    static abstract int Queries { get; }

    /// <summary>The number of rows in a panel; at most 64.</summary>
    static abstract int Rows { get; }

    /// <summary>
    /// Multiplies two panels. A product of floats is one chain of fused multiply-adds in the order of the components, so that it depends
    /// neither on the place in a panel nor on the instruction set.
    /// </summary>
    /// <param name="queries">The queries' panel.</param>
    /// <param name="rows">The rows' panel.</param>
    /// <param name="depth">The number of slots of each vector.</param>
    /// <param name="products">Receives <see cref="Rows"/> products for each of <see cref="Queries"/> queries.</param>
    /// <param name="stride">How far apart the products of two queries begin.</param>
    static abstract void Multiply(ref readonly T queries, ref readonly T rows, int depth, ref T products, nuint stride);
}
