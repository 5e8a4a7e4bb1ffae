using System.Text.Json.Serialization;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>What a chat model did that looked at the first images of rankings.</summary>
internal sealed record VerificationDocument(string Verifier, int Top, int Verified, int Reused, int Refused, TokenDocument Tokens)
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

    /// <summary>What became of the results, where they are measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ResultDocument>? Results { get; init; }

    public static VerificationDocument From(VerifiedResults verified)
        => From(verified.Effort) with { Results = [.. verified.Results.Zip(verified.Intervals, ResultDocument.From)] };

    public static VerificationDocument From(VerifierEffort effort)
        => new(effort.Verifier, effort.Top, effort.Asked, effort.Reused, effort.Refused, TokenDocument.From(effort.Usage))
        {
            Form = effort.Form,
            Incomplete = effort.Incomplete,
            Bounded = effort.Bounded,
            LeastMass = effort.LeastMass,
        };
}
