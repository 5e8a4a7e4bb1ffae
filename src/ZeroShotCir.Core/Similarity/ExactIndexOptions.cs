namespace ZeroShotCir.Similarity;

/// <summary>How an <see cref="ExactIndex"/> works. No setting changes what a search finds.</summary>
public sealed class ExactIndexOptions
{
    /// <summary>The most threads that one search uses, the caller's included; at least 1.</summary>
    /// <value>The default value is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxThreads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxThreads));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>What a search reads first.</summary>
    /// <value>The default value is <see cref="SearchPrecision.Auto"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public SearchPrecision Precision
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Precision), value, "The precision is not a member of SearchPrecision.");
            }

            field = value;
        }
    }

    /// <summary>
    /// Whether the constructor looks at every number of every row and refuses those that are not finite.
    /// Turn it off for rows that were checked when they were written, such as a mapped gallery, whose pages would
    /// otherwise all be read before the first query; a search that meets such a row then throws.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool CheckRows { get; set; } = true;

    internal ExactIndexOptions Copy() => (ExactIndexOptions)MemberwiseClone();

    /// <summary>The same options for rows that were checked when they were written.</summary>
    internal ExactIndexOptions Trusting()
    {
        ExactIndexOptions trusting = Copy();
        trusting.CheckRows = false;
        return trusting;
    }
}
