using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// Counts the items above a threshold at all weights of a grid without computing their scores. Score and threshold are linear in β, so an
/// item passes the threshold at one place at most: one division finds it, and as a byte it is compared with a weight, a whole register of
/// items at once. Used over and over by one thread.
/// </summary>
/// <remarks>
/// With u = 2⁻²⁴, t the sum of the magnitudes of both thresholds, f the slope of the line that is compared here, and B the number of steps:
/// rounding decides a comparison of scores only where this line is within u·(4.1·t + 4.5·|f|) and u times its start of 0, the weight's own
/// rounding included. There the place is within u·(4.1·t·B/|f| + 580) of the weight, and the place is off by less than 260·u as it is computed.
/// Asked for are 8·u·t·B/|f| and 1,024·u. A line that starts at more than 128 times its slope, such as a parallel of the threshold's, passes
/// nowhere near a weight, and stays as far from 0 as that start but for a hundredth. Lines so steep that a score's own difference might
/// overflow are left.
/// </remarks>
internal sealed class Crossings
{
    /// <summary>How many items are counted at once at most; a byte counts what one lane of a register sees of them.</summary>
    public const int Capacity = 2048;

    private const float Slack = 1f / (1 << 21);
    private const float AlmostHalf = 0.5f - (1f / (1 << 14));

    // Below it rounding is coarser than in proportion, and above it differences overflow.
    private const float Smallest = 1e-30f;
    private const float Largest = 1e37f;

    // Where items stand that pass beyond all weights, and before them.
    private const float Farthest = 120;
    private const float Nearest = -100;
    private const int WeightsAtOnce = 7;

    // In this binade the last bit of a float is worth 1, so the addition rounds, and the lowest byte is the number's.
    private const float Rounding = 3 << 22;

    private readonly sbyte[] _places = new sbyte[Capacity + Vector<sbyte>.Count];
    private readonly sbyte[] _rising = new sbyte[Capacity + Vector<sbyte>.Count];
    private readonly int[] _near = new int[Capacity + Vector<sbyte>.Count];
    private int _nearCount;

    /// <summary>For each weight, adds how many items are above a threshold, but for those so near that rounding decides.</summary>
    /// <param name="images">The items' scores at β = 0; at most <see cref="Capacity"/>.</param>
    /// <param name="captions">Their scores at β = 1.</param>
    /// <param name="ends">The threshold at β = 0 and at β = 1.</param>
    /// <param name="grid">The weights.</param>
    /// <param name="counts">One count per weight; added to.</param>
    /// <returns>The items that are left to be compared, until the next call.</returns>
    public ReadOnlySpan<int> Count(
        ReadOnlySpan<float> images, ReadOnlySpan<float> captions, (float Images, float Captions) ends, WeightGrid grid, Span<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(images.Length, Capacity);
        _nearCount = 0;
        int whole = images.Length / Vector<sbyte>.Count * Vector<sbyte>.Count, rest = images.Length - whole;
        Place(images[..whole], captions[..whole], ends, grid.Steps, 0);
        if (rest > 0)
        {
            // What is not there is below the threshold at every weight.
            Span<float> lastImages = stackalloc float[Vector<sbyte>.Count], lastCaptions = stackalloc float[Vector<sbyte>.Count];
            float below = Math.Max(1, Math.Abs(ends.Images) + Math.Abs(ends.Captions));
            lastImages.Fill(ends.Images - below);
            lastCaptions.Fill(ends.Captions - below);
            images[whole..].CopyTo(lastImages);
            captions[whole..].CopyTo(lastCaptions);
            Place(lastImages, lastCaptions, ends, grid.Steps, whole);
        }

        int placed = rest > 0 ? whole + Vector<sbyte>.Count : whole;
        for (int i = 0; i < counts.Length; i += WeightsAtOnce)
        {
            int some = Math.Min(WeightsAtOnce, counts.Length - i);
            CountAbove(_places.AsSpan(0, placed), _rising.AsSpan(0, placed), grid.Places.AsSpan(i, some), counts.Slice(i, some));
        }

        while (_nearCount > 0 && _near[_nearCount - 1] >= images.Length)
        {
            _nearCount--;
        }

        return _near.AsSpan(0, _nearCount);
    }

    // The first weight at which a rising item is above, and a falling one no more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(ReadOnlySpan<float> images, ReadOnlySpan<float> captions, (float Images, float Captions) ends, int steps, int start)
    {
        ref float image = ref MemoryMarshal.GetReference(images);
        ref float caption = ref MemoryMarshal.GetReference(captions);
        ref int place = ref Unsafe.As<sbyte, int>(ref _places[start]), rise = ref Unsafe.As<sbyte, int>(ref _rising[start]);
        nuint width = (nuint)Vector<float>.Count;
        Vector<float> images0 = new(ends.Images), captions0 = new(ends.Captions), scale = new(steps);
        float size = Math.Abs(ends.Images) + Math.Abs(ends.Captions);
        Vector<float> slack = new(size < Largest ? (size * Slack * steps) + Smallest : float.PositiveInfinity);
        Vector<int> low = new(0xFF);
        for (nuint i = 0; i < (nuint)(uint)images.Length; i += 4 * width)
        {
            Vector<int> sure0 = Cross(ref image, ref caption, i, images0, captions0, scale, slack, out Vector<int> place0, out Vector<int> rising0);
            Vector<int> sure1 = Cross(ref image, ref caption, i + width, images0, captions0, scale, slack, out Vector<int> place1, out Vector<int> rising1);
            Vector<int> sure2 = Cross(ref image, ref caption, i + (2 * width), images0, captions0, scale, slack, out Vector<int> place2, out Vector<int> rising2);
            Vector<int> sure3 = Cross(ref image, ref caption, i + (3 * width), images0, captions0, scale, slack, out Vector<int> place3, out Vector<int> rising3);
            nuint at = i / 4;
            ((place0 & low) | ((place1 & low) << 8) | ((place2 & low) << 16) | (place3 << 24)).StoreUnsafe(ref place, at);
            Bytes(rising0, rising1, rising2, rising3).StoreUnsafe(ref rise, at);
            if (!Vector.EqualsAll(sure0 & sure1 & sure2 & sure3, Vector<int>.AllBitsSet))
            {
                SetAside(start + (int)i, Vector.AsVectorSByte(Bytes(sure0, sure1, sure2, sure3)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Cross(
        ref float image, ref float caption, nuint item, Vector<float> images, Vector<float> captions, Vector<float> scale, Vector<float> slack,
        out Vector<int> place, out Vector<int> rising)
    {
        Vector<float> first = Vector.LoadUnsafe(ref image, item) - images, fall = first - (Vector.LoadUnsafe(ref caption, item) - captions);
        Vector<float> after = Vector.FusedMultiplyAdd(first / fall, scale, new Vector<float>(0.5f));

        // In this order: what is no number stays none.
        after = Vector.MinNative(new Vector<float>(Farthest), Vector.MaxNative(new Vector<float>(Nearest), after));
        Vector<float> rounded = after + new Vector<float>(Rounding);
        Vector<float> distance = new Vector<float>(AlmostHalf) - Vector.Abs(after - (rounded - new Vector<float>(Rounding)));
        place = Vector.AsVectorInt32(rounded);
        rising = Vector.LessThan(fall, Vector<float>.Zero);
        Vector<float> slope = Vector.MaxNative(Vector.Abs(fall), Vector.Abs(first) * new Vector<float>(1f / 128));
        return Vector.GreaterThan(distance * slope, slack) & Vector.LessThan(slope, new Vector<float>(Largest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Bytes(Vector<int> first, Vector<int> second, Vector<int> third, Vector<int> fourth)
        => (first & new Vector<int>(0xFF)) | (second & new Vector<int>(0xFF00)) | (third & new Vector<int>(0xFF0000)) | (fourth & new Vector<int>(unchecked((int)0xFF000000)));

    // Those that are not sure are written down, and count for nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetAside(int start, Vector<sbyte> sure)
    {
        for (int set = 0; set < 4; set++)
        {
            for (int lane = 0; lane < Vector<float>.Count; lane++)
            {
                int at = (4 * lane) + set;
                if (sure[at] == 0)
                {
                    (_places[start + at], _rising[start + at]) = (sbyte.MinValue, 0);
                    _near[_nearCount++] = start + (set * Vector<float>.Count) + lane;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountAbove(ReadOnlySpan<sbyte> places, ReadOnlySpan<sbyte> rising, ReadOnlySpan<sbyte> weights, Span<int> counts)
    {
        int last = counts.Length - 1;
        ReadOnlySpan<Vector<sbyte>> passes = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(places);
        ReadOnlySpan<Vector<sbyte>> rises = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(rising)[..passes.Length];
        Vector<sbyte> w0 = new(weights[0]), w1 = new(weights[Math.Min(1, last)]), w2 = new(weights[Math.Min(2, last)]), w3 = new(weights[Math.Min(3, last)]);
        Vector<sbyte> w4 = new(weights[Math.Min(4, last)]), w5 = new(weights[Math.Min(5, last)]), w6 = new(weights[last]);
        Vector<sbyte> n0 = Vector<sbyte>.Zero, n1 = n0, n2 = n0, n3 = n0, n4 = n0, n5 = n0, n6 = n0;
        for (int i = 0; i < passes.Length; i++)
        {
            Vector<sbyte> pass = passes[i], rise = rises[i];
            n0 -= Vector.GreaterThan(pass, w0) ^ rise;
            n1 -= Vector.GreaterThan(pass, w1) ^ rise;
            n2 -= Vector.GreaterThan(pass, w2) ^ rise;
            n3 -= Vector.GreaterThan(pass, w3) ^ rise;
            n4 -= Vector.GreaterThan(pass, w4) ^ rise;
            n5 -= Vector.GreaterThan(pass, w5) ^ rise;
            n6 -= Vector.GreaterThan(pass, w6) ^ rise;
        }

        ReadOnlySpan<int> whole = [Sum(n0), Sum(n1), Sum(n2), Sum(n3), Sum(n4), Sum(n5), Sum(n6)];
        for (int weight = 0; weight <= last; weight++)
        {
            // The last count belongs to the last weight, whichever that is.
            counts[weight] += whole[weight == last ? WeightsAtOnce - 1 : weight];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(Vector<sbyte> counts)
    {
        Vector.Widen(Vector.AsVectorByte(counts), out Vector<ushort> low, out Vector<ushort> high);
        return Vector.Sum(low + high);
    }
}
