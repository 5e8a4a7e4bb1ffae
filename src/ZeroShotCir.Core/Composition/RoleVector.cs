using System.Runtime.CompilerServices;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Composition;

/// <summary>What the terms of one role come to: a vector whose direction counts, and the lengths that formulas ask for.</summary>
/// <param name="Values">The vector.</param>
/// <param name="Length">Its Euclidean length; 0 where it has no direction.</param>
/// <param name="InputLength">The length of the encoder's output where it is one embedding, otherwise 1.</param>
/// <param name="Magnitude">The length of the weighted sum of the terms' directions.</param>
/// <param name="TotalWeight">The sum of the terms' absolute weights.</param>
internal sealed record RoleVector(float[] Values, double Length, double InputLength, double Magnitude, double TotalWeight)
{
    public static RoleVector Single(float[] embedding, double weight)
    {
        double length = UnitVector.Length(embedding);
        float[] values = weight < 0 ? Array.ConvertAll(embedding, value => -value) : embedding;
        return new RoleVector(values, length, length, length > 0 ? Math.Abs(weight) : 0, Math.Abs(weight));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(RoleVector x, RoleVector y)
    {
        double sum = 0;
        for (int i = 0; i < x.Values.Length; i++)
        {
            sum += (double)x.Values[i] * y.Values[i];
        }

        return sum;
    }
}
