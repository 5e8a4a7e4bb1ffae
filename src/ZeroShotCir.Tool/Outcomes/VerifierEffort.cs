using ZeroShotCir.Extensions.AI.Chat;

namespace ZeroShotCir.Tool.Outcomes;

/// <summary>What a chat model did that looked at the first images of rankings.</summary>
/// <param name="Verifier">Who looked.</param>
/// <param name="Top">At how many images of each ranking.</param>
/// <param name="Asked">How many pairs of query and image it was asked about, or how many queries where it saw all images of one at once.</param>
/// <param name="Reused">How many answers were known.</param>
/// <param name="Refused">How many it did not judge.</param>
/// <param name="Usage">What that took.</param>
internal sealed record VerifierEffort(string Verifier, int Top, int Asked, int Reused, int Refused, ChatUsage Usage)
{
    /// <summary>What it said of images: <c>fit</c>, <c>yes-no</c>, <c>grid</c> or <c>list</c>.</summary>
    public required string Form { get; init; }

    /// <summary>How many orders left images out; <see langword="null"/> where images are judged one by one.</summary>
    public int? Incomplete { get; init; }

    /// <summary>How many new verdicts rest on a bound, since yes or no was not among the listed tokens; <see langword="null"/> of other forms.</summary>
    public int? Bounded { get; init; }

    /// <summary>The least probability that yes and no had together in a new verdict; <see langword="null"/> of other forms.</summary>
    public double? LeastMass { get; init; }
}
