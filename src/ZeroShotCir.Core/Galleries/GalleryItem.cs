namespace ZeroShotCir.Galleries;

/// <summary>What a gallery knows of an image beside its embeddings.</summary>
/// <remarks>Immutable.</remarks>
public sealed class GalleryItem
{
    /// <summary>Describes an item that is kept elsewhere than in a gallery, such as in a store.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="captions">Its captions; <see langword="null"/> for none.</param>
    /// <param name="metadata">What is kept with it; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty.</exception>
    public GalleryItem(string id, IReadOnlyList<string>? captions = null, IReadOnlyDictionary<string, string>? metadata = null)
        : this(-1, id, captions ?? [], metadata ?? new Dictionary<string, string>())
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
    }

    internal GalleryItem(int ordinal, string id, IReadOnlyList<string> captions, IReadOnlyDictionary<string, string> metadata)
    {
        Ordinal = ordinal;
        Id = id;
        Captions = captions;
        Metadata = metadata;
    }

    /// <summary>Its position in the gallery; -1 where it comes from a store, which has none.</summary>
    public int Ordinal { get; }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its captions; empty where it has none or only their embeddings are known.</summary>
    public IReadOnlyList<string> Captions { get; }

    /// <summary>Whatever was stored with it, such as its <c>file</c>; empty where nothing was.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }
}
