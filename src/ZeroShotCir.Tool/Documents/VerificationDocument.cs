using System.Text.Json.Serialization;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>What became of the results after a chat model had looked at the first images of every ranking.</summary>
internal sealed record VerificationDocument(
    string Verifier, int Top, int Verified, int Reused, int Refused, TokenDocument Tokens, IReadOnlyList<ResultDocument> Results)
{
    /// <summary>What it said of images: <c>fit</c>, <c>yes-no</c>, <c>grid</c> or <c>list</c>.</summary>
    public required string Form { get; init; }

    /// <summary>How many orders left images out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Incomplete { get; init; }

    /// <summary>How many new verdicts rest on a bound, since yes or no was not among the listed tokens.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Bounded { get; init; }

    /// <summary>The least probability that yes and no had together in a new verdict.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LeastMass { get; init; }

    public static VerificationDocument From(VerifiedResults verified) => new(
        verified.Verifier,
        verified.Top,
        verified.Asked,
        verified.Reused,
        verified.Refused,
        TokenDocument.From(verified.Usage),
        [.. verified.Results.Zip(verified.Intervals, ResultDocument.From)])
    {
        Form = verified.Form,
        Incomplete = verified.Incomplete,
        Bounded = verified.Bounded,
        LeastMass = verified.LeastMass,
    };
}
