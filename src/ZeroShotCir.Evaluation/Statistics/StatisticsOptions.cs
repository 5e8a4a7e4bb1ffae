namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>How intervals and tests are drawn.</summary>
public sealed class StatisticsOptions
{
    private int _resamples = 2_000;

    /// <summary>Makes options that have the default values.</summary>
    public StatisticsOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public StatisticsOptions(StatisticsOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Resamples = other.Resamples;
        Seed = other.Seed;
    }

    /// <summary>How many times queries are drawn anew.</summary>
    /// <value>At least 100. The default value is 2,000, which puts the ends of an interval within about 4 % of its width.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 100.</exception>
    public int Resamples
    {
        get => _resamples;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 100);
            _resamples = value;
        }
    }

    /// <summary>Makes the draws repeatable.</summary>
    /// <value>The default value is 0.</value>
    public int Seed { get; set; }
}
