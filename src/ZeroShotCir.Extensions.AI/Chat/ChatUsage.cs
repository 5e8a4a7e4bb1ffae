namespace ZeroShotCir.Extensions.AI.Chat;

/// <summary>What was spent on a model since its user was created.</summary>
/// <param name="Requests">Requests sent, the failed ones too.</param>
/// <param name="Answers">Requests that were answered: those that cost something.</param>
/// <param name="Unusable">Answers that were paid for but could not be used, so that the model was asked again.</param>
/// <param name="InputTokens">Input tokens, as far as the server reported them.</param>
/// <param name="OutputTokens">Output tokens, as far as the server reported them.</param>
/// <param name="Cost">The cost in the currency of <see cref="ChatSettings.Price"/>; <see langword="null"/> without a price.</param>
public readonly record struct ChatUsage(
    long Requests, long Answers, long Unusable, long InputTokens, long OutputTokens, decimal? Cost);
