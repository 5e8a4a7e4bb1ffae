using ZeroShotCir.Fusion;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>A reference image and a modification text. Either may be left out: then the other one alone is searched for.</summary>
/// <remarks>The reference image is given in one of three ways: as an image, by its id in the gallery, or by its embedding.</remarks>
public sealed record ComposedQuery
{
    /// <summary>The modification text.</summary>
    /// <value>The default value is <see langword="null"/>: no text. A blank text is no text.</value>
    public string? Text { get; init; }

    /// <summary>The reference image.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public ImageData? Image { get; init; }

    /// <summary>The id of the reference image, which is in the gallery: nothing is decoded or encoded.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? ReferenceId { get; init; }

    /// <summary>The raw embedding of the reference image.</summary>
    /// <value>The default value is empty.</value>
    public ReadOnlyMemory<float> ImageEmbedding { get; init; }

    /// <summary>
    /// The captions of the reference image, which <see cref="Scoring.Reference"/> needs where the image is not in the gallery.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: those of the gallery.</value>
    public IReadOnlyList<string>? ReferenceCaptions { get; init; }

    /// <summary>
    /// Descriptions of the image that is searched for, such as a <see cref="ITargetDescriber"/> writes them. Where there are any, the mean
    /// direction of their embeddings takes the place of the text's (LDRE; with one of them, CIReVL): alone where no reference image is
    /// given, fused with it otherwise.
    /// </summary>
    /// <value>The default value is empty. Blank ones are refused.</value>
    public IReadOnlyList<string> TargetDescriptions { get; init; } = [];

    /// <summary>Ids that must not be found.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyCollection<string> ExcludedIds { get; init; } = [];

    /// <summary>The only items that may be found, as <see cref="Gallery.Select"/> gives them.</summary>
    /// <value>The default value is empty: all of them.</value>
    public ReadOnlyMemory<ulong> Allowed { get; init; }

    /// <summary>Whether the image of <see cref="ReferenceId"/> must not be found, as CIRR demands.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ExcludeReference { get; init; }

    /// <summary>How image and text are fused for this query.</summary>
    /// <value>The default value is <see langword="null"/>: as <see cref="RetrievalOptions.Fusion"/> says.</value>
    public IQueryFusion? Fusion { get; init; }

    /// <summary>How much captions count for this query, the paper's β.</summary>
    /// <value>In [0, 1]. The default value is <see langword="null"/>: as <see cref="RetrievalOptions.CaptionWeight"/> says.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double? CaptionWeight
    {
        get;
        init
        {
            if (value is { } weight)
            {
                RetrievalOptions.ThrowIfNotWeight(weight, nameof(CaptionWeight));
            }

            field = value;
        }
    }
}
