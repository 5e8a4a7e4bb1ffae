namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery compact</c>.</summary>
internal sealed record CompactDocument(GalleryDocument Before, GalleryDocument After, double Seconds);
