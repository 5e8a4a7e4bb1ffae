using System.Numerics;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Element-wise arithmetic on rows of similarities. Each element goes through the same operations wherever it stands, in a vector or
/// in the rest behind the last one, so that equal items get bit-equal scores.
/// </summary>
internal static class RowArithmetic
{
    /// <summary><c>result = x·a + y·b</c>.</summary>
    public static void Mix(ReadOnlySpan<float> x, float a, ReadOnlySpan<float> y, float b, Span<float> result)
    {
        int vectorised = result.Length - (result.Length % Vector<float>.Count);
        Vector<float> va = new(a);
        Vector<float> vb = new(b);
        for (int i = 0; i < vectorised; i += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(new Vector<float>(y[i..]), vb, new Vector<float>(x[i..]) * va).CopyTo(result[i..]);
        }

        for (int i = vectorised; i < result.Length; i++)
        {
            result[i] = MathF.FusedMultiplyAdd(y[i], b, x[i] * a);
        }
    }

    /// <summary><c>result += x·a</c>.</summary>
    public static void Add(ReadOnlySpan<float> x, float a, Span<float> result)
    {
        int vectorised = result.Length - (result.Length % Vector<float>.Count);
        Vector<float> va = new(a);
        for (int i = 0; i < vectorised; i += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(new Vector<float>(x[i..]), va, new Vector<float>(result[i..])).CopyTo(result[i..]);
        }

        for (int i = vectorised; i < result.Length; i++)
        {
            result[i] = MathF.FusedMultiplyAdd(x[i], a, result[i]);
        }
    }

    /// <summary>
    /// For four weights at once, how many items score above a threshold each (or at least the threshold), where an item's score is
    /// <c>base + weight·slope</c>, one rounding.
    /// </summary>
    public static (int, int, int, int) CountAbove(ReadOnlySpan<float> bases, ReadOnlySpan<float> slopes, Vector4 weights, Vector4 thresholds, bool orEqual)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(bases);
        ReadOnlySpan<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(slopes)[..x.Length];
        Vector<float> w0 = new(weights.X), w1 = new(weights.Y), w2 = new(weights.Z), w3 = new(weights.W);
        Vector<float> t0 = new(thresholds.X), t1 = new(thresholds.Y), t2 = new(thresholds.Z), t3 = new(thresholds.W);
        Vector<int> n0 = Vector<int>.Zero, n1 = Vector<int>.Zero, n2 = Vector<int>.Zero, n3 = Vector<int>.Zero;
        if (orEqual)
        {
            for (int i = 0; i < x.Length; i++)
            {
                Vector<float> b = x[i];
                Vector<float> s = y[i];
                n0 -= Vector.GreaterThanOrEqual(Vector.FusedMultiplyAdd(w0, s, b), t0);
                n1 -= Vector.GreaterThanOrEqual(Vector.FusedMultiplyAdd(w1, s, b), t1);
                n2 -= Vector.GreaterThanOrEqual(Vector.FusedMultiplyAdd(w2, s, b), t2);
                n3 -= Vector.GreaterThanOrEqual(Vector.FusedMultiplyAdd(w3, s, b), t3);
            }
        }
        else
        {
            for (int i = 0; i < x.Length; i++)
            {
                Vector<float> b = x[i];
                Vector<float> s = y[i];
                n0 -= Vector.GreaterThan(Vector.FusedMultiplyAdd(w0, s, b), t0);
                n1 -= Vector.GreaterThan(Vector.FusedMultiplyAdd(w1, s, b), t1);
                n2 -= Vector.GreaterThan(Vector.FusedMultiplyAdd(w2, s, b), t2);
                n3 -= Vector.GreaterThan(Vector.FusedMultiplyAdd(w3, s, b), t3);
            }
        }

        (int c0, int c1, int c2, int c3) = (Vector.Sum(n0), Vector.Sum(n1), Vector.Sum(n2), Vector.Sum(n3));
        for (int i = x.Length * Vector<float>.Count; i < bases.Length; i++)
        {
            c0 += Beats(weights.X, thresholds.X, i, bases, slopes);
            c1 += Beats(weights.Y, thresholds.Y, i, bases, slopes);
            c2 += Beats(weights.Z, thresholds.Z, i, bases, slopes);
            c3 += Beats(weights.W, thresholds.W, i, bases, slopes);
        }

        return (c0, c1, c2, c3);

        int Beats(float weight, float threshold, int i, ReadOnlySpan<float> bases, ReadOnlySpan<float> slopes)
        {
            float score = MathF.FusedMultiplyAdd(weight, slopes[i], bases[i]);
            return score > threshold || (orEqual && score == threshold) ? 1 : 0;
        }
    }
}
