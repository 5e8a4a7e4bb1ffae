namespace ZeroShotCir.Stores.Redis;

/// <summary>How a <see cref="RedisGalleryStore"/> spreads and searches a gallery.</summary>
public sealed class RedisGalleryStoreOptions
{
    /// <summary>In how many vector sets a new gallery is spread, each on one node of the cluster. A gallery that is there keeps its number.</summary>
    /// <value>At least 1. The default value is <see langword="null"/>: four for each primary node of a cluster, one without a cluster.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Shards
    {
        get;
        set
        {
            if (value is { } shards)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1, nameof(Shards));
            }

            field = value;
        }
    }

    /// <summary>How many candidates each vector set looks at (<c>EF</c>): more find more of the true best ones and take longer. At least as many as hits are asked for.</summary>
    /// <value>At least 1. The default value is 200.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int SearchDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(SearchDepth));
            field = value;
        }
    } = 200;

    /// <summary>How long a search waits for a shard; afterwards it answers without it, and says so.</summary>
    /// <value>Positive. The default value is 2 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan ShardTimeout
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(ShardTimeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(2);

    /// <summary>How long what was read of the store's state is relied on: after this time a search notices another folding or a push of others.</summary>
    /// <value>Not negative. The default value is 5 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan RefreshInterval
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(RefreshInterval));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    internal RedisGalleryStoreOptions Copy() => (RedisGalleryStoreOptions)MemberwiseClone();
}
