namespace ZeroShotCir.Retrieval;

/// <summary>The items of the gallery that queries name as references.</summary>
internal abstract class ReferenceItems(int dimensions)
{
    /// <summary>The number of components of an embedding.</summary>
    public int Dimensions { get; } = dimensions;

    /// <summary>The image embedding of an item: as its encoder gave it where that is known, otherwise of unit length.</summary>
    /// <exception cref="Galleries.UnknownItemException">There is no such item.</exception>
    public abstract ReadOnlyMemory<float> ImageOf(string id);

    /// <summary>The embeddings of an item's captions, or one that stands for all of them; empty where it has none.</summary>
    /// <exception cref="Galleries.UnknownItemException">There is no such item.</exception>
    public abstract IReadOnlyList<ReadOnlyMemory<float>> CaptionsOf(string id);

    /// <summary>The captions of an item; empty where it has none or only their embeddings are known.</summary>
    /// <exception cref="Galleries.UnknownItemException">There is no such item.</exception>
    public abstract IReadOnlyList<string> TextsOf(string id);
}
