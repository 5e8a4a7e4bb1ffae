namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What a model costs, in any one currency.</summary>
public sealed record ChatPrice
{
    /// <summary>States a price.</summary>
    /// <param name="inputPerMillion">The price of a million input tokens; images count as the server reports them.</param>
    /// <param name="outputPerMillion">The price of a million output tokens.</param>
    public ChatPrice(decimal inputPerMillion, decimal outputPerMillion)
    {
        InputPerMillion = inputPerMillion;
        OutputPerMillion = outputPerMillion;
    }

    /// <summary>The price of a million input tokens; images count as the server reports them.</summary>
    public decimal InputPerMillion { get; init; }

    /// <summary>The price of a million output tokens.</summary>
    public decimal OutputPerMillion { get; init; }

    /// <summary>The cost of some tokens.</summary>
    /// <param name="inputTokens">Input tokens.</param>
    /// <param name="outputTokens">Output tokens.</param>
    /// <returns>The cost, in the currency of the prices.</returns>
    public decimal ComputeCost(long inputTokens, long outputTokens)
        => ((inputTokens * InputPerMillion) + (outputTokens * OutputPerMillion)) / 1_000_000m;
}
