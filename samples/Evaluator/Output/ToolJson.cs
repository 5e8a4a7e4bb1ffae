using System.Text.Json.Serialization;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Evaluator.Output;

/// <summary>The JSON documents of the tool: snake_case, every field present unless its record says otherwise.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CaptionDocument))]
[JsonSerializable(typeof(CompareDocument))]
[JsonSerializable(typeof(DatasetCheckDocument))]
[JsonSerializable(typeof(EmbedDocument))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(ModelInspection))]
[JsonSerializable(typeof(PreprocessDocument))]
[JsonSerializable(typeof(SweepDocument))]
[JsonSerializable(typeof(TinyFashionDocument))]
[JsonSerializable(typeof(TokenizeDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
