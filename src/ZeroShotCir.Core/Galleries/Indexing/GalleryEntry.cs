namespace ZeroShotCir.Galleries.Indexing;

/// <summary>An image to be added to a gallery folder, with embeddings that were already computed.</summary>
public sealed record GalleryEntry
{
    /// <summary>Creates an entry.</summary>
    /// <param name="id">The id, unique in the gallery.</param>
    /// <param name="image">The raw embedding of the image.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty.</exception>
    public GalleryEntry(string id, ReadOnlyMemory<float> image)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
        Image = image;
    }

    /// <summary>The id.</summary>
    public string Id { get; }

    /// <summary>The raw embedding of the image.</summary>
    public ReadOnlyMemory<float> Image { get; }

    /// <summary>The captions.</summary>
    /// <value>Empty, or as many as there are embeddings in <see cref="CaptionEmbeddings"/>. The default value is empty.</value>
    public IReadOnlyList<string> Captions { get; init; } = [];

    /// <summary>The raw embeddings of the captions, one after the other.</summary>
    /// <value>The default value is empty.</value>
    public ReadOnlyMemory<float> CaptionEmbeddings { get; init; }

    /// <summary>What to keep with the image.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
