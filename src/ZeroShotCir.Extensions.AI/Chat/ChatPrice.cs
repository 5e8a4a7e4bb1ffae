namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What a model costs, in any one currency.</summary>
/// <param name="InputPerMillion">The price of a million input tokens; images count as the server reports them.</param>
/// <param name="OutputPerMillion">The price of a million output tokens.</param>
public sealed record ChatPrice(decimal InputPerMillion, decimal OutputPerMillion)
{
    /// <summary>The cost of some tokens.</summary>
    /// <param name="inputTokens">Input tokens.</param>
    /// <param name="outputTokens">Output tokens.</param>
    /// <returns>The cost, in the currency of the prices.</returns>
    public decimal Of(long inputTokens, long outputTokens)
        => ((inputTokens * InputPerMillion) + (outputTokens * OutputPerMillion)) / 1_000_000m;
}
