namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What a verification would cost: what the file of verdicts does not hold already. Tokens are estimates.</summary>
/// <param name="Verifier">Who would look.</param>
/// <param name="Form">What it would say of images.</param>
/// <param name="Top">At how many images of each ranking.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="Pictures">With how many pictures.</param>
/// <param name="InputTokens">About how many tokens.</param>
/// <param name="OutputTokens">About how many tokens of answers.</param>
/// <param name="Cost">At the price that was given; <see langword="null"/> without one.</param>
internal sealed record VerificationEstimate(
    string Verifier, string Form, int Top, long Requests, long Pictures, long InputTokens, long OutputTokens, decimal? Cost);
