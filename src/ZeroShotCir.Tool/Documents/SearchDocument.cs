using System.Text.Json.Serialization;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir search</c>.</summary>
internal sealed record SearchDocument(SearchedQuery Query, IReadOnlyList<FoundImage> Hits, double Seconds)
{
    /// <summary>What a composer did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompositionDocument? Composition { get; init; }

    /// <summary>What a verifier did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerificationDocument? Verification { get; init; }

    /// <summary>What a composer would cost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CompositionEstimate? CompositionEstimate { get; init; }

    /// <summary>What a verifier would cost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerificationEstimate? Estimate { get; init; }

    /// <summary>What a service was asked for embeddings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingUsage? Usage { get; init; }

    /// <summary>What is missing from the result, such as a shard that did not answer, or a picture that a verifier was to look at, one sentence each.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Missing { get; init; }
}
