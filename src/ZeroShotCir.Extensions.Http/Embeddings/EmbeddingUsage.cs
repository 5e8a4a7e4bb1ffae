namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>What a service was asked so far, and what its replies counted.</summary>
public sealed class EmbeddingUsage
{
    internal EmbeddingUsage()
    {
    }

    /// <summary>Requests that were sent, those that failed and were repeated included.</summary>
    public long Requests { get; internal init; }

    /// <summary>Those of them that failed.</summary>
    public long FailedRequests { get; internal init; }

    /// <summary>Inputs that were embedded.</summary>
    public long Inputs { get; internal init; }

    /// <summary>Inputs that a store answered.</summary>
    public long Reused { get; internal init; }

    /// <summary>Tokens, as the replies say; 0 where they say nothing.</summary>
    public long Tokens { get; internal init; }

    /// <summary>Images, where replies count them.</summary>
    public long Images { get; internal init; }

    /// <summary>Pixels, where replies count them.</summary>
    public long Pixels { get; internal init; }

    /// <summary>What tokens and images cost at the caller's price; <see langword="null"/> where the caller gave none.</summary>
    public decimal? Cost { get; internal init; }
}
