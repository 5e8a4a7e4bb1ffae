namespace ZeroShotCir.Extensions.Http.Services;

/// <summary>What a reply says: vectors in the order of the inputs, and what the service counted.</summary>
/// <param name="Rows">The vectors, as the service wrote them.</param>
internal sealed record ServiceReply(float[][] Rows)
{
    /// <summary>All tokens that it counted.</summary>
    public long Tokens { get; init; }

    /// <summary>The images that it counted.</summary>
    public long Images { get; init; }

    /// <summary>The pixels that it counted.</summary>
    public long Pixels { get; init; }
}
