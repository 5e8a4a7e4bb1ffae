using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Element-wise arithmetic on rows of similarities. Each element goes through the same operations wherever it stands, in a vector or
/// in the rest behind the last one, so that equal items get bit-equal scores.
/// </summary>
internal static class RowArithmetic
{
    private const int PieceLength = 2048;

    /// <summary><c>result = x·a + y·b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(ReadOnlySpan<float> x, float a, ReadOnlySpan<float> y, float b, Span<float> result)
    {
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(result);
        ReadOnlySpan<Vector<float>> xs = MemoryMarshal.Cast<float, Vector<float>>(x)[..results.Length];
        ReadOnlySpan<Vector<float>> ys = MemoryMarshal.Cast<float, Vector<float>>(y)[..results.Length];
        Vector<float> va = new(a), vb = new(b);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Vector.FusedMultiplyAdd(ys[i], vb, xs[i] * va);
        }

        for (int i = results.Length * Vector<float>.Count; i < result.Length; i++)
        {
            result[i] = MathF.FusedMultiplyAdd(y[i], b, x[i] * a);
        }
    }

    /// <summary><c>result += x·a</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> x, float a, Span<float> result)
    {
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(result);
        ReadOnlySpan<Vector<float>> xs = MemoryMarshal.Cast<float, Vector<float>>(x)[..results.Length];
        Vector<float> va = new(a);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Vector.FusedMultiplyAdd(xs[i], va, results[i]);
        }

        for (int i = results.Length * Vector<float>.Count; i < result.Length; i++)
        {
            result[i] = MathF.FusedMultiplyAdd(x[i], a, result[i]);
        }
    }

    /// <summary><c>result += x</c>.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<float> result) => Add(x, 1, result);

    /// <summary><c>x *= a</c>, then <c>difference = x - y</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndSubtract(Span<float> x, float a, ReadOnlySpan<float> y, Span<float> difference)
    {
        Span<Vector<float>> xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        ReadOnlySpan<Vector<float>> ys = MemoryMarshal.Cast<float, Vector<float>>(y)[..xs.Length];
        Span<Vector<float>> differences = MemoryMarshal.Cast<float, Vector<float>>(difference)[..xs.Length];
        Vector<float> va = new(a);
        for (int i = 0; i < xs.Length; i++)
        {
            xs[i] *= va;
            differences[i] = xs[i] - ys[i];
        }

        for (int i = xs.Length * Vector<float>.Count; i < x.Length; i++)
        {
            x[i] *= a;
            difference[i] = x[i] - y[i];
        }
    }

    /// <summary>
    /// For each weight, adds how many items score above its threshold (or at least the threshold), where an item's score is
    /// <c>base + weight·slope</c>, one rounding.
    /// </summary>
    public static void CountAbove(
        ReadOnlySpan<float> bases, ReadOnlySpan<float> slopes, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds, bool orEqual, Span<int> counts)
    {
        // All weights go over one piece while it is in the first-level cache.
        for (int start = 0; start < bases.Length; start += PieceLength)
        {
            int length = Math.Min(PieceLength, bases.Length - start);
            ReadOnlySpan<float> piece = bases.Slice(start, length);
            ReadOnlySpan<float> pieceSlopes = slopes.Slice(start, length);
            for (int i = 0; i < weights.Length; i += 4)
            {
                int count = Math.Min(4, weights.Length - i);
                CountFour(piece, pieceSlopes, weights.Slice(i, count), thresholds.Slice(i, count), orEqual, counts.Slice(i, count));
            }
        }
    }

    // Four weights share the loads of an item; where there are fewer, the last is counted several times and added once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountFour(
        ReadOnlySpan<float> bases, ReadOnlySpan<float> slopes, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds, bool orEqual, Span<int> counts)
    {
        int last = counts.Length - 1;
        int second = Math.Min(1, last);
        int third = Math.Min(2, last);
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(bases);
        ReadOnlySpan<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(slopes)[..x.Length];
        Vector<float> w0 = new(weights[0]), w1 = new(weights[second]), w2 = new(weights[third]), w3 = new(weights[last]);
        Vector<float> t0 = new(thresholds[0]), t1 = new(thresholds[second]), t2 = new(thresholds[third]), t3 = new(thresholds[last]);
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

        ReadOnlySpan<int> whole = [Vector.Sum(n0), Vector.Sum(n1), Vector.Sum(n2), Vector.Sum(n3)];
        for (int weight = 0; weight <= last; weight++)
        {
            // The last count belongs to the last weight, whichever that is.
            counts[weight] += whole[weight == last ? 3 : weight];
            for (int i = x.Length * Vector<float>.Count; i < bases.Length; i++)
            {
                float score = MathF.FusedMultiplyAdd(weights[weight], slopes[i], bases[i]);
                counts[weight] += score > thresholds[weight] || (orEqual && score == thresholds[weight]) ? 1 : 0;
            }
        }
    }
}
