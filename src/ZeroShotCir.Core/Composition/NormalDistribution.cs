namespace ZeroShotCir.Composition;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    private static readonly double InverseSqrtTwoPi = 1 / Math.Sqrt(2 * Math.PI);

    /// <summary>Φ(x), absolute error below 1e-15.</summary>
    public static double Cumulative(double x)
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
