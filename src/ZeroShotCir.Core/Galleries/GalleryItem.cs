namespace ZeroShotCir.Galleries;

/// <summary>What a gallery knows of an image beside its embeddings.</summary>
public sealed class GalleryItem
{
    internal GalleryItem(int ordinal, string id, IReadOnlyList<string> captions, IReadOnlyDictionary<string, string> metadata)
    {
        Ordinal = ordinal;
        Id = id;
        Captions = captions;
        Metadata = metadata;
    }

    /// <summary>Its position in the gallery.</summary>
    public int Ordinal { get; }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its captions; empty where it has none or only their embeddings are known.</summary>
    public IReadOnlyList<string> Captions { get; }

    /// <summary>Whatever was stored with it, such as its <c>file</c>; empty where nothing was.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }
}
