namespace ZeroShotCir.Composition;

/// <summary>How a <see cref="CorpusProjection"/> is made. The defaults are the published ones.</summary>
public sealed class CorpusProjectionOptions
{
    /// <summary>How much the scatter of the texts that should not count is taken off that of the texts that should.</summary>
    /// <value>In [0, 1]. The default value is 0.2.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double NegativeWeight
    {
        get;
        set
        {
            field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(NegativeWeight), value, "The weight of the negative corpus must lie in [0, 1].");
        }
    } = 0.2;

    /// <summary>How many directions are kept at most, those of the largest eigenvalues; directions of eigenvalues of 0 and less never are.</summary>
    /// <value>At least 1. The default value is 250.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Components
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Components));
            field = value;
        }
    } = 250;
}
