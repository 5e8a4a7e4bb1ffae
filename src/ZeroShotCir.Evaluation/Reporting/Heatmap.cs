namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>One metric over a grid of α and β.</summary>
internal sealed record Heatmap
{
    public required string Title { get; init; }

    /// <summary>The text weights, one row each.</summary>
    public required IReadOnlyList<double> Alphas { get; init; }

    /// <summary>The caption weights, one column each.</summary>
    public required IReadOnlyList<double> Betas { get; init; }

    /// <summary>The figures in percent, row by row: as many as α times β.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The setting the rest of the report uses; marked where the grid holds it.</summary>
    public (double Alpha, double Beta)? Chosen { get; init; }

    public double Lowest => Values.Min();

    public double Highest => Values.Max();

    public double this[int alpha, int beta] => Values[(alpha * Betas.Count) + beta];

    /// <summary>Every n-th row and column.</summary>
    public Heatmap Thinned(int step)
    {
        int[] alphas = [.. Enumerable.Range(0, Alphas.Count).Where(alpha => alpha % step == 0)];
        int[] betas = [.. Enumerable.Range(0, Betas.Count).Where(beta => beta % step == 0)];
        return this with
        {
            Alphas = [.. alphas.Select(alpha => Alphas[alpha])],
            Betas = [.. betas.Select(beta => Betas[beta])],
            Values = [.. from alpha in alphas from beta in betas select this[alpha, beta]],
        };
    }

    /// <summary>Where a figure lies between the lowest (0) and the highest (1) of the grid.</summary>
    public double Share(double value) => Highest > Lowest ? (value - Lowest) / (Highest - Lowest) : 1;

    public bool IsHighest(int alpha, int beta) => this[alpha, beta] == Highest;

    public bool IsChosen(int alpha, int beta)
        => Chosen is { } chosen && Math.Abs(Alphas[alpha] - chosen.Alpha) < 1e-9 && Math.Abs(Betas[beta] - chosen.Beta) < 1e-9;
}
