namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>Weights that are whole steps of one size, such as 0, 0.05, … 1.</summary>
internal sealed class WeightGrid
{
    /// <summary>The most steps from 0 to 1.</summary>
    public const int MostSteps = 100;

    // What rounding to a float moves a weight by, at most.
    private const double Tolerance = 1.0 / (1 << 24);

    private WeightGrid(int steps, sbyte[] places) => (Steps, Places) = (steps, places);

    /// <summary>The number of steps from 0 to 1.</summary>
    public int Steps { get; }

    /// <summary>How many steps each weight is.</summary>
    public sbyte[] Places { get; }

    /// <summary>Finds the coarsest grid that has some weights.</summary>
    /// <param name="weights">The weights; from 0 to 1.</param>
    /// <returns>The grid; <see langword="null"/> where there is none of at most <see cref="MostSteps"/> steps.</returns>
    public static WeightGrid? Find(ReadOnlySpan<float> weights)
    {
        for (int steps = 1; steps <= MostSteps; steps++)
        {
            if (PlacesOn(steps, weights) is { } places)
            {
                return new WeightGrid(steps, places);
            }
        }

        return null;
    }

    private static sbyte[]? PlacesOn(int steps, ReadOnlySpan<float> weights)
    {
        sbyte[] places = new sbyte[weights.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (sbyte)Math.Round((double)weights[i] * steps);
            if (Math.Abs(weights[i] - ((double)places[i] / steps)) > Tolerance)
            {
                return null;
            }
        }

        return places;
    }
}
