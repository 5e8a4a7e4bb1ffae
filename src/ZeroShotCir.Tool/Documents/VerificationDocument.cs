using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>What became of the results after a chat model had looked at the first images of every ranking.</summary>
internal sealed record VerificationDocument(
    string Verifier, int Top, int Verified, int Reused, int Refused, TokenDocument Tokens, IReadOnlyList<ResultDocument> Results)
{
    public static VerificationDocument Of(VerifiedResults verified) => new(
        verified.Verifier,
        verified.Top,
        verified.Asked,
        verified.Reused,
        verified.Refused,
        TokenDocument.Of(verified.Usage),
        [.. verified.Results.Zip(verified.Intervals, ResultDocument.Of)]);
}
