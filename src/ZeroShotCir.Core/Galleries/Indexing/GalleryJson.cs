using System.Text.Json.Serialization;

namespace ZeroShotCir.Galleries.Indexing;

/// <summary>How the small files beside a gallery are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, WriteIndented = true)]
[JsonSerializable(typeof(UnusableFileList))]
internal sealed partial class GalleryJson : JsonSerializerContext;
