using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ZeroShotCir.Embeddings;

/// <summary>
/// A fixed orthogonal map after which no component stands out: signs, then a Walsh–Hadamard transform of the first 2ᵖ components, and where
/// there are more, other signs and a transform of the last 2ᵖ. Products and lengths stay what they are; only rounding differs.
/// </summary>
internal sealed class Rotation
{
    private readonly int _dimensions;
    private readonly int _width;
    private readonly float[][] _signs;

    public Rotation(int dimensions)
    {
        _dimensions = dimensions;
        _width = (int)BitOperations.RoundUpToPowerOf2((uint)dimensions + 1) / 2;
        _signs = [.. Enumerable.Range(0, _width == dimensions ? 1 : 2).Select(pass => Signs(_width, pass))];
    }

    /// <summary>
    /// The most that rounding can take the rotated vector away from what it should be, per length of the vector: one step for
    /// each level of the transforms and two for their scale, doubled.
    /// </summary>
    public double Rounding => 2.0 * _signs.Length * (BitOperations.Log2((uint)_width) + 2) / (1 << 24);

    /// <summary>Rotates a vector in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Span<float> vector)
    {
        for (int pass = 0; pass < _signs.Length; pass++)
        {
            Span<float> part = vector.Slice(pass == 0 ? 0 : _dimensions - _width, _width);
            Transform(part, _signs[pass], 1f / MathF.Sqrt(_width));
        }
    }

    /// <summary>Rotates a vector in place, with the rounding of double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Span<double> vector)
    {
        double scale = 1 / Math.Sqrt(_width);
        for (int pass = 0; pass < _signs.Length; pass++)
        {
            Span<double> part = vector.Slice(pass == 0 ? 0 : _dimensions - _width, _width);
            for (int d = 0; d < part.Length; d++)
            {
                part[d] *= _signs[pass][d] * scale;
            }

            for (int step = 1; step < part.Length; step *= 2)
            {
                Butterflies(part, step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(Span<float> part, float[] signs, float scale)
    {
        if (part.Length < 8)
        {
            for (int d = 0; d < part.Length; d++)
            {
                part[d] *= signs[d] * scale;
            }

            for (int step = 1; step < part.Length; step *= 2)
            {
                Butterflies(part, step);
            }

            return;
        }

        // Levels 1 and 2 within four neighbours, the others between vectors.
        ref float first = ref MemoryMarshal.GetReference(part), sign = ref MemoryMarshal.GetArrayDataReference(signs);
        Vector128<float> odd = Vector128.Create(1f, -1, 1, -1), high = Vector128.Create(1f, 1, -1, -1);
        nuint length = (nuint)part.Length;
        for (nuint d = 0; d < length; d += 4)
        {
            Vector128<float> four = Vector128.LoadUnsafe(ref first, d) * (Vector128.LoadUnsafe(ref sign, d) * Vector128.Create(scale));
            four = (four * odd) + Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2));
            four = (four * high) + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
            four.StoreUnsafe(ref first, d);
        }

        for (nuint start = 0; start < length; start += 8)
        {
            Vector128<float> a = Vector128.LoadUnsafe(ref first, start), b = Vector128.LoadUnsafe(ref first, start + 4);
            (a + b).StoreUnsafe(ref first, start);
            (a - b).StoreUnsafe(ref first, start + 4);
        }

        for (nuint step = 8; step < length; step *= 2)
        {
            for (nuint start = 0; start < length; start += 2 * step)
            {
                for (nuint d = start; d < start + step; d += 8)
                {
                    Vector256<float> a = Vector256.LoadUnsafe(ref first, d), b = Vector256.LoadUnsafe(ref first, d + step);
                    (a + b).StoreUnsafe(ref first, d);
                    (a - b).StoreUnsafe(ref first, d + step);
                }
            }
        }
    }

    private static void Butterflies<T>(Span<T> part, int step)
        where T : struct, IAdditionOperators<T, T, T>, ISubtractionOperators<T, T, T>
    {
        for (int start = 0; start < part.Length; start += 2 * step)
        {
            for (int d = start; d < start + step; d++)
            {
                (T a, T b) = (part[d], part[d + step]);
                part[d] = a + b;
                part[d + step] = a - b;
            }
        }
    }

    // The bits of SplitMix64, which are the same everywhere and for ever: stored codes depend on them.
    private static float[] Signs(int count, int pass)
    {
        float[] signs = new float[count];
        for (int d = 0; d < count; d++)
        {
            ulong z = ((ulong)(uint)pass << 32) + (uint)d;
            z = (z + 1) * 0x9E37_79B9_7F4A_7C15;
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            signs[d] = ((z ^ (z >> 31)) & 1) == 0 ? 1 : -1;
        }

        return signs;
    }
}
