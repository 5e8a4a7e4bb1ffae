namespace ZeroShotCir.Similarity.Kernels;

/// <summary>Finds the k-th largest without sorting.</summary>
internal static class Selection
{
    /// <summary>The value at place <paramref name="place"/>, counted from 0, of the descending order. Reorders the values.</summary>
    public static T Descending<T>(Span<T> values, int place)
        where T : IComparable<T>
    {
        int left = 0, right = values.Length - 1;
        while (right - left > 16)
        {
            T pivot = MedianOfThree(values[left], values[left + ((right - left) / 2)], values[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (values[i].CompareTo(pivot) > 0)
                {
                    i++;
                }

                while (values[j].CompareTo(pivot) < 0)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            if (place <= j)
            {
                right = j;
            }
            else if (place >= i)
            {
                left = i;
            }
            else
            {
                return values[place];
            }
        }

        values[left..(right + 1)].Sort();
        return values[right - (place - left)];
    }

    private static T MedianOfThree<T>(T a, T b, T c)
        where T : IComparable<T>
    {
        (T low, T high) = a.CompareTo(b) < 0 ? (a, b) : (b, a);
        return c.CompareTo(low) < 0 ? low : c.CompareTo(high) > 0 ? high : c;
    }
}
