using ZeroShotCir.Extensions.AI.Chat;
using ZeroShotCir.Tool.Options;

namespace ZeroShotCir.Tool.Runs;

/// <summary>What was spent on models that run elsewhere, in words.</summary>
internal static class Spending
{
    /// <summary>What a chat model took; <see langword="null"/> where it was not asked.</summary>
    public static string? Describe(string model, ChatUsage usage)
        => usage.Requests == 0 ? null : FormattableString.Invariant($"{model}: {Requests(usage.Requests)}, {Tokens(usage.InputTokens, usage.OutputTokens, usage.Cost)}");

    /// <summary>What an embedding service took; <see langword="null"/> where there is none, or it was not asked.</summary>
    public static string? Describe(EncoderSource? model) => model?.Usage is not { } usage || usage.Requests + usage.Reused == 0 ? null : FormattableString.Invariant(
        $"{model.Place}: {Requests(usage.Requests)}, {usage.Inputs:N0} embedded, {usage.Reused:N0} already were; {usage.Tokens:N0} tokens{Cost(usage.Cost)}");

    /// <summary>Tokens, and what they cost where there is a price.</summary>
    public static string Tokens(long input, long output, decimal? cost) => FormattableString.Invariant($"{input:N0} tokens in, {output:N0} out{Cost(cost)}");

    private static string Requests(long count) => count == 1 ? "1 request" : FormattableString.Invariant($"{count:N0} requests");

    private static string Cost(decimal? cost) => cost switch
    {
        null => "",
        > 0 and < 0.0001m => ", cost under 0.0001",
        _ => FormattableString.Invariant($", cost {cost:0.####}"),
    };
}
