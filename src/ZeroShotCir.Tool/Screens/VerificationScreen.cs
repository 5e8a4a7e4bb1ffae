using System.Globalization;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>What chat models took that look at images or describe them, or would take.</summary>
internal static class VerificationScreen
{
    /// <summary>Prints with the results what was done.</summary>
    public static void Write(Terminal terminal, VerifierEffort verified) => Print(terminal, Lines(verified));

    /// <summary>Prints what would be spent; nothing where nobody asked.</summary>
    public static void Write(Terminal terminal, VerificationEstimate? estimate) => Print(terminal, estimate is null ? [] : Lines(estimate));

    /// <summary>What was done, line by line.</summary>
    public static IEnumerable<string> Lines(VerifierEffort verified)
    {
        yield return FormattableString.Invariant(
            $"after {verified.Verifier} has looked at the first {verified.Top} ({verified.Asked:N0} asked, {verified.Reused:N0} known, {verified.Refused:N0} refused):");
        if (verified.Incomplete is > 0 and int incomplete)
        {
            yield return FormattableString.Invariant($"{incomplete:N0} orders left images out; those stand behind the others, as retrieval had them");
        }

        if (verified.Bounded is > 0 and int bounded)
        {
            yield return FormattableString.Invariant($"{bounded:N0} verdicts rest on a bound: yes or no was not among the tokens that the server listed");
        }
    }

    /// <summary>What looking at images would cost.</summary>
    public static IEnumerable<string> Lines(VerificationEstimate estimate) => Lines(
        $"{estimate.Verifier} would look at the first {estimate.Top}", estimate.Requests, estimate.Pictures, estimate.InputTokens, estimate.OutputTokens, estimate.Cost);

    /// <summary>What descriptions would cost.</summary>
    public static IEnumerable<string> Lines(CompositionEstimate estimate) => Lines(
        $"{estimate.Composer} would describe the target", estimate.Requests, estimate.Pictures, estimate.InputTokens, estimate.OutputTokens, estimate.Cost);

    private static IEnumerable<string> Lines(string what, long requests, long pictures, long inputTokens, long outputTokens, decimal? price)
    {
        string sent = FormattableString.Invariant($"{requests:N0} requests with {pictures:N0} pictures");
        string tokens = FormattableString.Invariant($"about {inputTokens:N0} tokens in and {outputTokens:N0} out");
        yield return $"{what}: {sent}, {tokens}";
        yield return price is { } cost
            ? string.Create(CultureInfo.InvariantCulture, $"about {cost:0.00} at the price given; no chat model was asked")
            : "give --price IN:OUT to see what that costs; no chat model was asked";
    }

    private static void Print(Terminal terminal, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            terminal.Out.MarkupLineInterpolated($"{line}");
        }
    }
}
