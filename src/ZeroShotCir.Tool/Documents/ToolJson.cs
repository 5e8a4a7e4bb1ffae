using System.Text.Json.Serialization;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The JSON documents of the tool: snake_case, every field present unless its record says otherwise.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ArchiveDocument))]
[JsonSerializable(typeof(CaptionDocument))]
[JsonSerializable(typeof(CompactDocument))]
[JsonSerializable(typeof(CompareDocument))]
[JsonSerializable(typeof(CompletionDocument))]
[JsonSerializable(typeof(DatasetCheckDocument))]
[JsonSerializable(typeof(EmbedDocument))]
[JsonSerializable(typeof(EvaluationDocument))]
[JsonSerializable(typeof(FailureDocument))]
[JsonSerializable(typeof(GalleryDocument))]
[JsonSerializable(typeof(GalleryListDocument))]
[JsonSerializable(typeof(IndexDocument))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(ModelInspection))]
[JsonSerializable(typeof(PreprocessDocument))]
[JsonSerializable(typeof(ProjectionDocument))]
[JsonSerializable(typeof(PullDocument))]
[JsonSerializable(typeof(PushDocument))]
[JsonSerializable(typeof(RemoveDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(ServedDocument))]
[JsonSerializable(typeof(StoreVerifyDocument))]
[JsonSerializable(typeof(SweepDocument))]
[JsonSerializable(typeof(TinyFashionDocument))]
[JsonSerializable(typeof(TokenizeDocument))]
[JsonSerializable(typeof(TopKDocument))]
[JsonSerializable(typeof(TuneDocument))]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
