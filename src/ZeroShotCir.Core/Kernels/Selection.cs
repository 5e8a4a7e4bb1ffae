using System.Numerics;
using System.Runtime.CompilerServices;

namespace ZeroShotCir.Kernels;

/// <summary>Finds the k-th largest without sorting.</summary>
internal static class Selection
{
    // Below it sorting is quicker than dividing.
    private const int FewValues = 16;

    /// <summary>The value at place <paramref name="place"/>, counted from 0, of the descending order. Reorders the values.</summary>
    /// <param name="values">The values, none of which is NaN.</param>
    /// <param name="place">At least 0 and less than the number of values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Descending<T>(Span<T> values, int place)
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        while (values.Length > FewValues)
        {
            T pivot = MedianOfThree(values[0], values[values.Length / 2], values[^1]);

            // The order of the values is a matter of chance, and so is every jump on it: swap always, advance or not.
            int larger = 0;
            for (int i = 0; i < values.Length; i++)
            {
                T value = values[i];
                values[i] = values[larger];
                values[larger] = value;
                larger += value > pivot ? 1 : 0;
            }

            if (place < larger)
            {
                values = values[..larger];
                continue;
            }

            int equal = larger;
            for (int i = larger; i < values.Length; i++)
            {
                T value = values[i];
                values[i] = values[equal];
                values[equal] = value;
                equal += value == pivot ? 1 : 0;
            }

            if (place < equal)
            {
                return pivot;
            }

            place -= equal;
            values = values[equal..];
        }

        values.Sort();
        return values[^(place + 1)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T MedianOfThree<T>(T a, T b, T c)
        where T : IComparisonOperators<T, T, bool>
    {
        (T low, T high) = a < b ? (a, b) : (b, a);
        return c < low ? low : c > high ? high : c;
    }
}
