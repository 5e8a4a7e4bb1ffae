namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What descriptions of targets would cost: what the file of them does not hold already. Tokens are estimates.</summary>
/// <param name="Composer">Who would write.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="Pictures">With how many pictures.</param>
/// <param name="InputTokens">About how many tokens.</param>
/// <param name="OutputTokens">About how many tokens of answers.</param>
/// <param name="Cost">At the price that was given; <see langword="null"/> without one.</param>
internal sealed record CompositionEstimate(string Composer, long Requests, long Pictures, long InputTokens, long OutputTokens, decimal? Cost);
