namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>How settings are chosen.</summary>
public sealed class TuningOptions
{
    /// <summary>In how many parts the queries are divided, each of which is judged by what the others chose.</summary>
    /// <value>At least 2. The default value is 5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2.</exception>
    public int Folds
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(Folds));
            field = value;
        }
    } = 5;

    /// <summary>How intervals are drawn; the seed also divides the queries.</summary>
    /// <value>The default value is that of <see cref="StatisticsOptions"/>.</value>
    public StatisticsOptions Statistics
    {
        get;
        set => field = new StatisticsOptions(value);
    }
    = new();
}
