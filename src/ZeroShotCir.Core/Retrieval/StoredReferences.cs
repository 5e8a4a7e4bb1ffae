using ZeroShotCir.Galleries.Stores;

namespace ZeroShotCir.Retrieval;

/// <summary>References whose rows were read from a store beforehand. Their captions are known by the mean of their embeddings.</summary>
internal sealed class StoredReferences(int dimensions, IReadOnlyDictionary<string, StoreRow> rows) : ReferenceItems(dimensions)
{
    public override ReadOnlyMemory<float> ImageOf(string id) => rows[id].Image.IsEmpty
        ? throw new InvalidQueryException(
            $"The store keeps no image embedding of '{id}', only its folded vector, so the image cannot be a reference by its id. "
            + "Give the image or its embedding, or store the parts of rows.")
        : rows[id].Image;

    public override IReadOnlyList<ReadOnlyMemory<float>> CaptionsOf(string id) => rows[id].Captions.IsEmpty ? [] : [rows[id].Captions];

    public override IReadOnlyList<string> TextsOf(string id) => rows[id].Item.Captions;
}
