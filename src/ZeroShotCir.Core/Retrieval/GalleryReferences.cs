using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.Retrieval;

/// <summary>References in a gallery in this process.</summary>
internal sealed class GalleryReferences(Gallery gallery) : ReferenceItems(gallery.Dimensions)
{
    public override ReadOnlyMemory<float> ImageOf(string id)
    {
        float[] image = new float[Dimensions];
        gallery.CopyImage(gallery.OrdinalOf(id), image);
        return image;
    }

    public override IReadOnlyList<ReadOnlyMemory<float>> CaptionsOf(string id)
    {
        EmbeddingMatrix own = gallery.CopyCaptions(gallery.OrdinalOf(id));
        return [.. Enumerable.Range(0, own.Rows).Select(row => own.Memory.Slice(row * own.Dimensions, own.Dimensions))];
    }

    public override IReadOnlyList<string> TextsOf(string id) => gallery.ItemAt(gallery.OrdinalOf(id)).Captions;
}
