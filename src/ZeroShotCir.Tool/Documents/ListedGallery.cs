namespace ZeroShotCir.Tool.Documents;

/// <summary>A gallery at its default place, and the folders of pictures that it follows.</summary>
internal sealed record ListedGallery(string Folder, int Count, IReadOnlyList<string> Pictures, string? Error);
