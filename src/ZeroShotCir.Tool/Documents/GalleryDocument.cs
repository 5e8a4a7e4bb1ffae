using System.Text.Json.Serialization;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery info</c>.</summary>
internal sealed record GalleryDocument(
    int Count,
    int Removed,
    long Captions,
    int Dimensions,
    string? ImageModel,
    string? TextModel,
    [property: JsonPropertyName("stored_caption_weight")] double? StoredBeta,
    int Files,
    long Bytes,
    string? Orientation,
    string? ResizeOrder,
    string? Resolution,
    string? Decoder,
    IReadOnlyList<RootDocument> Roots,
    string? Warning)
{
    public static GalleryDocument From(Gallery gallery, DirectoryInfo folder)
    {
        FileInfo[] files = [.. folder.EnumerateFiles().Where(file => file.Name.StartsWith("segment-", StringComparison.Ordinal) || file.Name == "manifest.json")];
        return new GalleryDocument(
            gallery.Count,
            gallery.OrdinalCount - gallery.Count,
            gallery.CaptionCount,
            gallery.Dimensions,
            gallery.Model?.ImageModelId,
            gallery.Model?.TextModelId,
            gallery.StoredBeta,
            files.Length,
            files.Sum(file => file.Length),
            gallery.Model?.Reading?.Orientation.ToString().ToLowerInvariant(),
            gallery.Model?.Reading?.ResizeOrder.ToString().ToLowerInvariant(),
            gallery.Model?.Reading?.Resolution.ToString().ToLowerInvariant(),
            gallery.Model?.Reading?.Decoder,
            [.. gallery.Roots.Select(root => new RootDocument(root.Name, root.Path))],
            gallery.Warning);
    }
}
