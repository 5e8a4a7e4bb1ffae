namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>What a caller pays for embeddings, in a currency of the caller's.</summary>
public sealed class EmbeddingPrice
{
    /// <summary>For a million tokens.</summary>
    /// <value>At least 0. The default value is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public decimal PerMillionTokens
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A price is not negative.");
    }

    /// <summary>For a thousand images, where a service counts them apart from tokens.</summary>
    /// <value>At least 0. The default value is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public decimal PerThousandImages
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A price is not negative.");
    }
}
