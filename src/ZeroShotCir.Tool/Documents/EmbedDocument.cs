using System.Text.Json.Serialization;
using ZeroShotCir.Extensions.Http.Embeddings;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir embed</c>; what was left out of a folder, by ending, is there for pictures only.</summary>
internal sealed record EmbedDocument(
    int Count, int Dimensions, IReadOnlyList<FailedFile> Failed, IReadOnlyDictionary<string, int>? LeftOut, double Seconds) : PartialResult
{
    /// <summary>What a service was asked and counted; not there for a model folder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingUsage? Usage { get; init; }
}
