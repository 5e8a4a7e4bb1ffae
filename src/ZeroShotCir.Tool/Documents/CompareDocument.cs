using System.Text.Json.Serialization;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir compare</c>: one table per data set.</summary>
internal sealed record CompareDocument(string Command, IReadOnlyList<ComparisonDocument> Tables)
{
    /// <summary>The album's sessions, by each way to use earlier turns.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SessionDocument>? Sessions { get; init; }
}
