using System.Runtime.Intrinsics;

namespace ZeroShotCir.Kernels;

/// <summary>Inner products of one query with four rows, which may lie anywhere; the caller takes them far apart.</summary>
internal interface IDotKernel
{
    /// <summary>The canonical scores of four rows.</summary>
    /// <param name="query">The query as <see cref="CanonicalScore.Pad"/> writes it.</param>
    /// <param name="row0">The first row, unpadded; likewise the others.</param>
    /// <param name="row1">The second row.</param>
    /// <param name="row2">The third row.</param>
    /// <param name="row3">The fourth row.</param>
    /// <param name="dimensions">The number of components.</param>
    static abstract Vector128<float> Score(
        ref readonly float query, ref readonly float row0, ref readonly float row1, ref readonly float row2, ref readonly float row3, int dimensions);

    /// <summary>The exact integer products of four rows of codes; the query is so small that no sum leaves int32.</summary>
    /// <param name="query">The query as <see cref="CodeProduct.Pad"/> writes it.</param>
    /// <param name="row0">The first row of codes, unpadded; likewise the others.</param>
    /// <param name="row1">The second row.</param>
    /// <param name="row2">The third row.</param>
    /// <param name="row3">The fourth row.</param>
    /// <param name="dimensions">The number of codes.</param>
    static abstract Vector128<int> Multiply(
        ref readonly short query, ref readonly sbyte row0, ref readonly sbyte row1, ref readonly sbyte row2, ref readonly sbyte row3, int dimensions);
}
