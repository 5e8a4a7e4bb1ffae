using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace ZeroShotCir.AspNetCore.Contracts;

/// <summary>How the contracts are written and read: strictly, by generated code.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(SearchResponse))]
[JsonSerializable(typeof(ItemDescription))]
[JsonSerializable(typeof(UploadedPicture))]
[JsonSerializable(typeof(GalleryDescription))]
[JsonSerializable(typeof(IReadOnlyList<StrategyDescription>))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ImageSearchJson : JsonSerializerContext;
