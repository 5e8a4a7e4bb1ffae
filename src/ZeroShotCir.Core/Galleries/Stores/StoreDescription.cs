using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries.Storage;

namespace ZeroShotCir.Galleries.Stores;

/// <summary>What the rows of a store are: of which model, folded how. It is kept in the store's own metadata, beside the rows.</summary>
/// <remarks>Immutable.</remarks>
public sealed class StoreDescription
{
    /// <summary>Describes the rows of a store.</summary>
    /// <param name="dimensions">The number of components of a row, at least 1.</param>
    /// <param name="captionWeight">The caption weight that the rows are folded for, the paper's β, in [0, 1].</param>
    /// <exception cref="InvalidEmbeddingException"><paramref name="dimensions"/> is less than 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="captionWeight"/> is not in [0, 1].</exception>
    public StoreDescription(int dimensions, double captionWeight)
    {
        if (dimensions < 1)
        {
            throw new InvalidEmbeddingException($"The rows of a store have {dimensions} dimensions; at least 1 is needed.");
        }

        Folding.ThrowIfNotWeight(captionWeight);
        Dimensions = dimensions;
        CaptionWeight = captionWeight;
    }

    /// <summary>The number of components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>The caption weight that the rows are folded for, the paper's β.</summary>
    public double CaptionWeight { get; }

    /// <summary>The encoders that the embeddings came from.</summary>
    /// <value>The default value is <see langword="null"/>: nobody said.</value>
    public GalleryModel? Model { get; init; }

    /// <summary>How items without captions were folded.</summary>
    /// <value>The default value is <see cref="Galleries.MissingCaptions.ImageOnly"/>.</value>
    public MissingCaptions MissingCaptions { get; init; }

    /// <summary>Whether rows come with the parts that they were folded from: <see cref="StoreRow.Image"/> and <see cref="StoreRow.Captions"/>.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeepsParts { get; init; }

    /// <summary>Mean and covariance of the image embeddings, for strategies that compare a similarity with those of all items.</summary>
    /// <value>The default value is <see langword="null"/>: not measured, and such strategies are refused.</value>
    public RowMoments? Images { get; init; }

    /// <summary>Mean and covariance of the captions' means, of the items that have captions.</summary>
    /// <value>The default value is <see langword="null"/>: not measured.</value>
    public RowMoments? Captions { get; init; }

    /// <summary>The commit of the gallery that the rows were pushed from; a gallery with a larger one is newer than the store.</summary>
    /// <value>The default value is 0: not from a gallery folder.</value>
    public long Generation { get; init; }
}
