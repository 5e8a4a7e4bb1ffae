namespace ZeroShotCir.Galleries;

/// <summary>What a gallery knows of an image beside its embeddings.</summary>
/// <param name="Ordinal">Its position in the gallery.</param>
/// <param name="Id">Its id.</param>
/// <param name="Captions">Its captions; empty where it has none or only their embeddings are known.</param>
/// <param name="Metadata">Whatever was stored with it, such as its <c>file</c>; empty where nothing was.</param>
public sealed record GalleryItem(int Ordinal, string Id, IReadOnlyList<string> Captions, IReadOnlyDictionary<string, string> Metadata);
