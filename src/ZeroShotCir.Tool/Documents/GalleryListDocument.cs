namespace ZeroShotCir.Tool.Documents;

/// <summary>The document of <c>cir gallery list</c>: the galleries there are, or the pictures of one.</summary>
internal sealed record GalleryListDocument(IReadOnlyList<ListedGallery>? Galleries, IReadOnlyList<ListedItem>? Items);
