namespace ZeroShotCir.Galleries.Stores;

/// <summary>When a <see cref="ReplicatedGalleryStore"/> asks another replica.</summary>
public sealed class ReplicatedStoreOptions
{
    /// <summary>How long a replica may take before the next one is asked beside it. The 95th percentile of a search costs 5 % more of them and cuts the slowest.</summary>
    /// <value>Not negative; zero asks all at once. The default value is 100 milliseconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan HedgeDelay
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(HedgeDelay));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a replica that failed, or was overtaken, is asked last.</summary>
    /// <value>Not negative. The default value is 5 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan Cooldown
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(Cooldown));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    internal ReplicatedStoreOptions Copy() => (ReplicatedStoreOptions)MemberwiseClone();
}
