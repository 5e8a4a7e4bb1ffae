namespace ZeroShotCir.Retrieval;

/// <summary>How a <see cref="StoreGallerySearch"/> works.</summary>
public sealed class StoreSearchOptions
{
    /// <summary>How many candidates are asked for, for each hit that is wanted, where the store's own scores do not decide.</summary>
    /// <value>At least 1. The default value is 10.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int OverFetch
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(OverFetch));
            field = value;
        }
    } = 10;

    /// <summary>The fewest candidates of each vector that are asked for where the store's own scores do not decide.</summary>
    /// <value>At least 1. The default value is 200.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MinCandidates
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MinCandidates));
            field = value;
        }
    } = 200;

    /// <summary>How many requests of a batch are with the store at a time.</summary>
    /// <value>At least 1. The default value is 8.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxConcurrency));
            field = value;
        }
    } = 8;

    internal StoreSearchOptions Copy() => (StoreSearchOptions)MemberwiseClone();
}
