using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>A run of rows of a gallery, in memory or mapped. Immutable.</summary>
/// <remarks>Embeddings are kept as unit rows and lengths: unit rows are what searches read, both together are the raw embeddings.</remarks>
internal sealed class GallerySegment
{
    public required ItemTable Items { get; init; }

    /// <summary>The image embeddings, of unit length.</summary>
    public required EmbeddingMatrix Images { get; init; }

    /// <summary>The length each image embedding had before.</summary>
    public required ReadOnlyMemory<float> ImageLengths { get; init; }

    /// <summary>The caption embeddings, of unit length.</summary>
    public required CaptionEmbeddings Captions { get; init; }

    /// <summary>The length each caption embedding had before.</summary>
    public required ReadOnlyMemory<float> CaptionLengths { get; init; }

    /// <summary>The rows that were removed, ascending.</summary>
    public ReadOnlyMemory<int> Removed { get; init; }

    /// <summary>The rows folded for the stored caption weight; <see langword="null"/> where none are stored.</summary>
    public EmbeddingMatrix? Folded { get; init; }

    /// <summary>The compressed copy of <see cref="Folded"/>, or of <see cref="Images"/> where there are no folded rows.</summary>
    public CompressedRows? Compressed { get; init; }

    public int Rows => Images.Rows;

    public bool IsRemoved(int row) => Removed.Span.BinarySearch(row) >= 0;

    /// <summary>The rows that a search for this caption weight reads; without copying or computing where that is possible.</summary>
    public EmbeddingMatrix RowsFor(double beta, double? storedWeight, ReadOnlySpan<float> emptyText, out CompressedRows? compressed)
    {
        bool imageOnly = emptyText.IsEmpty;
        if (beta == 0 || (imageOnly && Captions.Rows.Rows == 0))
        {
            compressed = Folded is null ? Compressed : null;
            return Images;
        }

        if (Folded is not null && storedWeight == beta && imageOnly)
        {
            compressed = Compressed;
            return Folded;
        }

        compressed = null;
        EmbeddingMatrix folded = EmbeddingMatrix.Allocate(Rows, Images.Dimensions, out Memory<float> values);
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> captions = Captions[row];
            Folding.Fold(Images[row], captions.IsEmpty ? emptyText : captions, beta, values.Span.Slice(row * Images.Dimensions, Images.Dimensions));
        }

        return folded;
    }
}
