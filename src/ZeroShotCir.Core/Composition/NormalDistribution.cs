using System.Runtime.CompilerServices;

namespace ZeroShotCir.Composition;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    // Beyond it Φ is 0 or 1 but for 1e-17.
    private const int Limit = 9;
    private const int PlacesPerUnit = 64;

    // At h ≤ 1/128 from a place the next term of the series is below 1e-17.
    private const int Terms = 7;
    private static readonly double InverseSqrtTwoPi = 1 / Math.Sqrt(2 * Math.PI);
    private static readonly double[] Series = Expand();

    /// <summary>Φ(x), absolute error below 1e-15.</summary>
    /// <remarks>By the Taylor series at the nearest of places a 64th apart: a gallery has millions of similarities.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cumulative(double x)
    {
        if (!(Math.Abs(x) < Limit))
        {
            return double.IsNaN(x) ? x : x > 0 ? 1 : 0;
        }

        int place = (int)((x * PlacesPerUnit) + (Limit * PlacesPerUnit) + 0.5);
        double h = x - (((double)place / PlacesPerUnit) - Limit);
        double square = h * h;
        ReadOnlySpan<double> terms = Series.AsSpan(place * Terms, Terms);
        return terms[0] + (terms[1] * h) + (square * (terms[2] + (terms[3] * h) + (square * (terms[4] + (terms[5] * h) + (square * terms[6])))));
    }

    // Φ' = φ, and φ⁽ⁿ⁺¹⁾(x) = -x·φ⁽ⁿ⁾(x) - n·φ⁽ⁿ⁻¹⁾(x).
    private static double[] Expand()
    {
        double[] series = new double[((2 * Limit * PlacesPerUnit) + 1) * Terms];
        for (int place = 0; place * Terms < series.Length; place++)
        {
            double x = ((double)place / PlacesPerUnit) - Limit, before = 0, density = InverseSqrtTwoPi * Math.Exp(-0.5 * x * x), factorial = 1;
            series[place * Terms] = CumulativeBySeries(x);
            for (int n = 0; n < Terms - 1; n++)
            {
                factorial *= n + 1;
                series[(place * Terms) + n + 1] = density / factorial;
                (before, density) = (density, (-x * density) - (n * before));
            }
        }

        return series;
    }

    private static double CumulativeBySeries(double x)
    {
        double distance = Math.Abs(x);
        double density = InverseSqrtTwoPi * Math.Exp(-0.5 * x * x);
        double upperTail = distance < 3 ? 0.5 - (density * CentralSeries(distance)) : density * TailFraction(distance);
        return x > 0 ? 1 - upperTail : upperTail;
    }

    // Φ(x) - 1/2 = φ(x)·(x + x³/3 + x⁵/(3·5) + …); quick near the centre.
    private static double CentralSeries(double x)
    {
        double term = x;
        double sum = x;
        for (int odd = 3; term > sum * 1e-17; odd += 2)
        {
            term *= x * x / odd;
            sum += term;
        }

        return sum;
    }

    // 1 - Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))); quick in the tail.
    private static double TailFraction(double x)
    {
        double fraction = x;
        for (int level = 60; level >= 1; level--)
        {
            fraction = x + (level / fraction);
        }

        return 1 / fraction;
    }
}
