using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Screens;

/// <summary>What a chat model that looks at images took, or would take.</summary>
internal static class VerificationScreen
{
    public static void Write(Terminal terminal, VerifiedResults verified)
    {
        terminal.Out.MarkupLineInterpolated(
            $"after {verified.Verifier} has looked at the first {verified.Top} ({verified.Asked:N0} asked, {verified.Reused:N0} known, {verified.Refused:N0} refused):");
        if (verified.Incomplete is > 0 and int incomplete)
        {
            terminal.Out.MarkupLineInterpolated($"{incomplete:N0} orders left images out; those stand behind the others, as retrieval had them");
        }

        if (verified.Bounded is > 0 and int bounded)
        {
            terminal.Out.MarkupLineInterpolated($"{bounded:N0} verdicts rest on a bound: yes or no was not among the tokens that the server listed");
        }
    }

    /// <summary>Says what would be spent; nothing where nobody asked.</summary>
    public static void Write(Terminal terminal, VerificationEstimate? estimate)
    {
        if (estimate is null)
        {
            return;
        }

        string sent = FormattableString.Invariant($"{estimate.Requests:N0} requests with {estimate.Pictures:N0} pictures");
        string tokens = FormattableString.Invariant($"about {estimate.InputTokens:N0} tokens in and {estimate.OutputTokens:N0} out");
        terminal.Out.MarkupLineInterpolated($"{estimate.Verifier} would look at the first {estimate.Top}: {sent}, {tokens}");
        if (estimate.Cost is { } cost)
        {
            terminal.Out.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"about {cost:0.00} at the price given; nothing was sent");
        }
        else
        {
            terminal.Out.MarkupLineInterpolated($"give --price IN:OUT to see what that costs; nothing was sent");
        }
    }
}
