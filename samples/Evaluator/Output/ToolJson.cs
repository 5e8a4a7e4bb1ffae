using System.Text.Json.Serialization;

namespace ZeroShotCir.Evaluator.Output;

/// <summary>The JSON documents of the tool: snake_case, every field present unless its record says otherwise.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FailureDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
