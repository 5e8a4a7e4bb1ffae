using System.Text.Json.Serialization;

namespace ZeroShotCir.Tool.Documents;

/// <summary>A result that may leave bad files out; when nothing was left, it says so as an error.</summary>
internal abstract record PartialResult
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorDocument? Error { get; init; }
}
