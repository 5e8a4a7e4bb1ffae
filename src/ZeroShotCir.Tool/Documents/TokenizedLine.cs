using System.Text.Json.Serialization;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The ids of one text, padding included; <c>truncated</c> is there only where it was cut.</summary>
internal sealed record TokenizedLine(
    IReadOnlyList<int> Ids,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Truncated);
