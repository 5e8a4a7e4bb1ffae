namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What was spent on a model since its user was created.</summary>
public readonly record struct ChatUsage
{
    internal ChatUsage(long requests, long answers, long unusable, long inputTokens, long outputTokens, decimal? cost)
    {
        Requests = requests;
        Answers = answers;
        Unusable = unusable;
        InputTokens = inputTokens;
        OutputTokens = outputTokens;
        Cost = cost;
    }

    /// <summary>Requests sent, the failed ones too.</summary>
    public long Requests { get; internal init; }

    /// <summary>Requests that were answered: those that cost something.</summary>
    public long Answers { get; internal init; }

    /// <summary>Answers that were paid for but could not be used, so that the model was asked again.</summary>
    public long Unusable { get; internal init; }

    /// <summary>Input tokens, as far as the server reported them.</summary>
    public long InputTokens { get; internal init; }

    /// <summary>Output tokens, as far as the server reported them.</summary>
    public long OutputTokens { get; internal init; }

    /// <summary>The cost in the currency of <see cref="ChatSettings.Price"/>; <see langword="null"/> without a price.</summary>
    public decimal? Cost { get; internal init; }
}
