using System.Runtime.Intrinsics;

namespace ZeroShotCir.Embeddings;

/// <summary>Sixteen values around zero, to one of which a number is rounded.</summary>
internal interface IPlaneQuantizer
{
    /// <summary>The nearest of the values.</summary>
    /// <param name="numbers">Numbers in units of the values.</param>
    static abstract Vector256<float> Nearest(Vector256<float> numbers);

    /// <summary>Which one it is, from 0 for the least to 15.</summary>
    /// <param name="numbers">Numbers in units of the values.</param>
    static abstract Vector256<int> Codes(Vector256<float> numbers);
}
