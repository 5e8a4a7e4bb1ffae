namespace ZeroShotCir.Stores.Postgres;

/// <summary>How a <see cref="PostgresGalleryStore"/> keeps and searches a gallery.</summary>
public sealed class PostgresGalleryStoreOptions
{
    /// <summary>How the best rows are found.</summary>
    /// <value>The default value is <see cref="PostgresIndex.None"/>: exact.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public PostgresIndex Index
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Index), value, "The index is not a member of PostgresIndex.");
            }

            field = value;
        }
    }

    /// <summary>Whether a new gallery's folded rows are kept in half precision (<c>halfvec</c>): half the bytes, and scores that are off by up to some ten-thousandths.</summary>
    /// <value>The default value is <see langword="false"/>. A gallery that is there keeps its precision until it is refolded.</value>
    public bool HalfPrecision { get; set; }

    /// <summary>How many candidates a search of the graph looks at (<c>hnsw.ef_search</c>): more find more of the true best ones and take longer.</summary>
    /// <value>From 1 to 1,000. The default value is 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that range.</exception>
    public int SearchDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(SearchDepth));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000, nameof(SearchDepth));
            field = value;
        }
    } = 100;

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

    internal PostgresGalleryStoreOptions Copy() => (PostgresGalleryStoreOptions)MemberwiseClone();
}
