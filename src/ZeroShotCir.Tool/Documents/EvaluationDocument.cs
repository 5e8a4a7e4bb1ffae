using System.Text.Json.Serialization;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir eval</c>.</summary>
internal sealed record EvaluationDocument(RunManifest Manifest, IReadOnlyList<ResultDocument> Results)
{
    /// <summary>By which queries is judged, where that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabelsDocument? Labels { get; init; }

    /// <summary>The same setting after verification, where that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerificationDocument? Verification { get; init; }

    /// <summary>What verification would cost, where only that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerificationEstimate? Estimate { get; init; }
}
