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
    /// <param name="beta">The caption weight that the rows are folded for, the paper's β, in [0, 1].</param>
    /// <exception cref="InvalidEmbeddingException"><paramref name="dimensions"/> is less than 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is not in [0, 1].</exception>
    public StoreDescription(int dimensions, double beta)
    {
        if (dimensions < 1)
        {
            throw new InvalidEmbeddingException($"The rows of a store have {dimensions} dimensions; at least 1 is needed.");
        }

        Folding.ThrowIfNotWeight(beta);
        Dimensions = dimensions;
        Beta = beta;
    }

    /// <summary>The number of components of a row.</summary>
    public int Dimensions { get; }

    /// <summary>The caption weight that the rows are folded for, the paper's β.</summary>
    public double Beta { get; }

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

    /// <summary>How many rows the store has when it is whole.</summary>
    /// <value>The default value is <see langword="null"/>: nobody said.</value>
    public long? Rows { get; init; }

    /// <summary>Whether every row of <see cref="Generation"/> is there: not from the beginning of a push to its end.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool IsWhole { get; init; } = true;

    /// <summary>Refuses rows that cannot stand beside those of this description.</summary>
    /// <param name="other">What the other rows are.</param>
    /// <param name="store">The name of the store, for the message.</param>
    /// <exception cref="InvalidGalleryException">They are of another model, dimension or folding, or of pictures that were read in another way; the message names both.</exception>
    public void ThrowIfOther(StoreDescription other, string store)
    {
        ArgumentNullException.ThrowIfNull(other);
        ThrowIfOtherModel(other, store);
        if (!IsFoldedAs(other))
        {
            throw new InvalidGalleryException(
                $"The store '{store}' holds rows folded with {DescribeFolding()}, given were rows folded with {other.DescribeFolding()}: "
                + "their scores could not be compared. Push the gallery with the weight of the store, or have the store refolded.");
        }
    }

    internal void ThrowIfOtherModel(StoreDescription other, string store)
    {
        if (Dimensions != other.Dimensions)
        {
            throw new InvalidGalleryException(
                $"The store '{store}' holds rows of {Dimensions} dimensions, given were rows of {other.Dimensions}. Give the gallery a store of its own.");
        }

        if (Model is not null && other.Model is not null
            && (Model.ImageModelId != other.Model.ImageModelId || (Model.TextModelId ?? other.Model.TextModelId) != (other.Model.TextModelId ?? Model.TextModelId)))
        {
            throw new InvalidGalleryException(
                $"The store '{store}' holds rows of the model '{Model.ImageModelId}' ('{Model.TextModelId}' for texts), "
                + $"given were rows of '{other.Model.ImageModelId}' ('{other.Model.TextModelId}' for texts): they cannot be compared. Give the gallery a store of its own.");
        }

        if (other.Model?.Reading is { } given && Model?.Reading?.Contradicts(given, alsoDecoder: false) is { } contradiction)
        {
            throw new InvalidGalleryException(
                $"The store '{store}' holds rows of pictures that were {contradiction}: they cannot be compared. Give the gallery a store of its own.");
        }
    }

    /// <summary>Whether rows of another description are the same rows: of the same model, of pictures read in the same way, of the same dimension and folding.</summary>
    /// <param name="other">What the other rows are.</param>
    /// <returns>Whether they are.</returns>
    public bool IsSameFolding(StoreDescription other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Dimensions == other.Dimensions && Model?.ImageModelId == other.Model?.ImageModelId && Model?.TextModelId == other.Model?.TextModelId
            && (other.Model?.Reading is not { } reading || Model?.Reading?.Contradicts(reading, alsoDecoder: false) is null) && IsFoldedAs(other);
    }

    /// <summary>The same description with the moments that were kept beside it.</summary>
    /// <param name="images">The moments of the image embeddings.</param>
    /// <param name="captions">The moments of the captions' means.</param>
    /// <returns>The description.</returns>
    public StoreDescription With(RowMoments? images, RowMoments? captions) => With(IsWhole, Rows, Generation, images, captions);

    internal bool IsFoldedAs(StoreDescription other)
        => Beta == other.Beta && MissingCaptions == other.MissingCaptions && KeepsParts == other.KeepsParts;

    internal StoreDescription With(bool isWhole, long? rows, long generation, RowMoments? images, RowMoments? captions) => new(Dimensions, Beta)
    {
        Model = Model,
        MissingCaptions = MissingCaptions,
        KeepsParts = KeepsParts,
        Images = images,
        Captions = captions,
        Generation = generation,
        Rows = rows,
        IsWhole = isWhole,
    };

    private string DescribeFolding() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"the caption weight {Beta} ({MissingCaptions}, {(KeepsParts ? "with" : "without")} their parts)");
}
