namespace ZeroShotCir.Answers;

/// <summary>How many things are asked about at once, and when to give up.</summary>
public sealed class AnswerRunnerOptions
{
    private int _concurrency = 4;
    private int _maxFailuresInARow = 10;

    /// <summary>Makes options that have the default values.</summary>
    public AnswerRunnerOptions()
    {
    }

    /// <summary>Copies options.</summary>
    /// <param name="other">The options to copy.</param>
    public AnswerRunnerOptions(AnswerRunnerOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MaxConcurrency = other.MaxConcurrency;
        MaxFailuresInARow = other.MaxFailuresInARow;
    }

    /// <summary>How many are under way at once: what a kill may lose after it was paid for and before it was stored.</summary>
    /// <value>At least 1. The default value is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get => _concurrency;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _concurrency = value;
        }
    }

    /// <summary>
    /// After how many failures without a success between them the others are not tried: a wrong key or a server that is down fails for
    /// all. Images that cannot be used, and inputs that are refused, are not counted; a service that refuses everything
    /// (<see cref="ServiceUnavailableException.IsFinal"/>) ends a run at its first failure.
    /// </summary>
    /// <value>At least 1. The default value is 10.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxFailuresInARow
    {
        get => _maxFailuresInARow;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxFailuresInARow = value;
        }
    }
}
