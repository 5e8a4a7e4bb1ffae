using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Element-wise arithmetic on rows of similarities. Each element goes through the same operations wherever it stands, in a vector or
/// in the rest behind the last one, so that equal items get bit-equal scores.
/// </summary>
internal static class RowArithmetic
{
    private const int WeightsAtOnce = 5;

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

    /// <summary><c>x *= a</c>.</summary>
    public static void Scale(Span<float> x, float a) => TensorPrimitives.Multiply(x, a, x);

    /// <summary><c>result = x + a·(y - x)</c>, the difference rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interpolate(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float a, Span<float> result)
    {
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(result);
        ReadOnlySpan<Vector<float>> xs = MemoryMarshal.Cast<float, Vector<float>>(x)[..results.Length];
        ReadOnlySpan<Vector<float>> ys = MemoryMarshal.Cast<float, Vector<float>>(y)[..results.Length];
        Vector<float> va = new(a);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Vector.FusedMultiplyAdd(ys[i] - xs[i], va, xs[i]);
        }

        for (int i = results.Length * Vector<float>.Count; i < result.Length; i++)
        {
            result[i] = MathF.FusedMultiplyAdd(y[i] - x[i], a, x[i]);
        }
    }

    /// <summary>How many values are above a threshold (or at least the threshold).</summary>
    public static int CountAbove(ReadOnlySpan<float> values, float threshold, bool orEqual)
        => orEqual ? Count<AtLeast>(values, threshold) : Count<Above>(values, threshold);

    /// <summary>
    /// For each weight, adds how many items score above its threshold (or at least the threshold), where an item's score is
    /// as <see cref="Interpolate"/> gives it.
    /// </summary>
    public static void CountAbove(
        ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds, bool orEqual, Span<int> counts)
    {
        for (int i = 0; i < weights.Length; i += WeightsAtOnce)
        {
            int count = Math.Min(WeightsAtOnce, weights.Length - i);
            if (orEqual)
            {
                Count<AtLeast>(images, captions, weights.Slice(i, count), thresholds.Slice(i, count), counts.Slice(i, count));
            }
            else
            {
                Count<Above>(images, captions, weights.Slice(i, count), thresholds.Slice(i, count), counts.Slice(i, count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Count<TComparison>(ReadOnlySpan<float> values, float threshold)
        where TComparison : struct, IComparison
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> t = new(threshold);
        Vector<int> n = Vector<int>.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            n -= TComparison.Compare(x[i], t);
        }

        int count = Vector.Sum(n);
        for (int i = x.Length * Vector<float>.Count; i < values.Length; i++)
        {
            count += TComparison.Compare(values[i], threshold) ? 1 : 0;
        }

        return count;
    }

    // Several weights share the loads of an item; where there are fewer, the last is counted several times and added once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count<TComparison>(
        ReadOnlySpan<float> images, ReadOnlySpan<float> captions, ReadOnlySpan<float> weights, ReadOnlySpan<float> thresholds, Span<int> counts)
        where TComparison : struct, IComparison
    {
        int last = counts.Length - 1;
        int second = Math.Min(1, last), third = Math.Min(2, last), fourth = Math.Min(3, last);
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(images);
        ReadOnlySpan<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(captions)[..x.Length];
        Vector<float> w0 = new(weights[0]), w1 = new(weights[second]), w2 = new(weights[third]), w3 = new(weights[fourth]), w4 = new(weights[last]);
        Vector<float> t0 = new(thresholds[0]), t1 = new(thresholds[second]), t2 = new(thresholds[third]), t3 = new(thresholds[fourth]), t4 = new(thresholds[last]);
        Vector<int> n0 = Vector<int>.Zero, n1 = Vector<int>.Zero, n2 = Vector<int>.Zero, n3 = Vector<int>.Zero, n4 = Vector<int>.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            Vector<float> b = x[i];
            Vector<float> s = y[i] - b;
            n0 -= TComparison.Compare(Vector.FusedMultiplyAdd(w0, s, b), t0);
            n1 -= TComparison.Compare(Vector.FusedMultiplyAdd(w1, s, b), t1);
            n2 -= TComparison.Compare(Vector.FusedMultiplyAdd(w2, s, b), t2);
            n3 -= TComparison.Compare(Vector.FusedMultiplyAdd(w3, s, b), t3);
            n4 -= TComparison.Compare(Vector.FusedMultiplyAdd(w4, s, b), t4);
        }

        ReadOnlySpan<int> whole = [Vector.Sum(n0), Vector.Sum(n1), Vector.Sum(n2), Vector.Sum(n3), Vector.Sum(n4)];
        for (int weight = 0; weight <= last; weight++)
        {
            // The last count belongs to the last weight, whichever that is.
            counts[weight] += whole[weight == last ? WeightsAtOnce - 1 : weight];
            for (int i = x.Length * Vector<float>.Count; i < images.Length; i++)
            {
                counts[weight] += TComparison.Compare(MathF.FusedMultiplyAdd(weights[weight], captions[i] - images[i], images[i]), thresholds[weight]) ? 1 : 0;
            }
        }
    }

    private interface IComparison
    {
        static abstract Vector<int> Compare(Vector<float> score, Vector<float> threshold);

        static abstract bool Compare(float score, float threshold);
    }

    private readonly struct Above : IComparison
    {
        public static Vector<int> Compare(Vector<float> score, Vector<float> threshold) => Vector.GreaterThan(score, threshold);

        public static bool Compare(float score, float threshold) => score > threshold;
    }

    private readonly struct AtLeast : IComparison
    {
        public static Vector<int> Compare(Vector<float> score, Vector<float> threshold) => Vector.GreaterThanOrEqual(score, threshold);

        public static bool Compare(float score, float threshold) => score >= threshold;
    }
}
