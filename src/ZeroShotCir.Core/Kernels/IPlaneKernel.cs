using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>Exact integer products of an int8 query with <see cref="ZeroShotCir.Embeddings.CodePlanes">planes of four-bit codes</see>.</summary>
internal interface IPlaneKernel
{
    /// <summary>Multiplies the levels of four tiles of the coarse plane, which may lie anywhere; the caller takes them far apart.</summary>
    /// <param name="query">The query, zeros after its last component.</param>
    /// <param name="tile0">The first tile; likewise the others.</param>
    /// <param name="tile1">The second tile.</param>
    /// <param name="tile2">The third tile.</param>
    /// <param name="tile3">The fourth tile.</param>
    /// <param name="groups">The number of groups of eight components.</param>
    /// <param name="sums">Receives the products of 64 rows.</param>
    static abstract void MultiplyTiles(
        ref readonly sbyte query, ref readonly byte tile0, ref readonly byte tile1, ref readonly byte tile2, ref readonly byte tile3, int groups, ref int sums);

    /// <summary>Multiplies four rows of the fine plane.</summary>
    /// <param name="query">The query, zeros after its last component.</param>
    /// <param name="row0">The first row; likewise the others.</param>
    /// <param name="row1">The second row.</param>
    /// <param name="row2">The third row.</param>
    /// <param name="row3">The fourth row.</param>
    /// <param name="bytes">The bytes of a row, a multiple of 32.</param>
    static abstract Vector128<int> MultiplyRows(
        ref readonly sbyte query, ref readonly byte row0, ref readonly byte row1, ref readonly byte row2, ref readonly byte row3, int bytes);
}
