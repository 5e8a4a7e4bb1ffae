using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Retrieval;

/// <summary>A reference image and a modification text, and whatever else says what is searched for. Either may be left out.</summary>
/// <remarks>
/// The reference image is given in one of three ways: as an image, by its id in the gallery, or by its embedding. Further images and
/// texts, with weights and signs, are <see cref="Terms"/>; <see cref="Expression"/> writes them on one line.
/// </remarks>
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
    /// The captions of the reference image, which strategies that read a description of the reference, describers and
    /// <see cref="Scoring.PublishedCode"/> need where the image is not in the gallery.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: those of the gallery.</value>
    public IReadOnlyList<string>? ReferenceCaptions { get; init; }

    /// <summary>
    /// Descriptions of the image that is searched for, for strategies that read them, such as <c>target</c>: several count as their mean
    /// direction. Where a strategy reads them and there are none, the retriever asks its <see cref="ITargetDescriber"/>.
    /// </summary>
    /// <value>The default value is empty. Blank ones are refused.</value>
    public IReadOnlyList<string> TargetDescriptions { get; init; } = [];

    /// <summary>Further images and texts.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<QueryTerm> Terms { get; init; } = [];

    /// <summary>Texts that the image must fit, for strategies that read them, such as <c>soft</c>.</summary>
    /// <value>The default value is empty. Blank ones are refused.</value>
    public IReadOnlyList<string> MustHave { get; init; } = [];

    /// <summary>Texts that the image must not fit, for strategies that read them, such as <c>soft</c>.</summary>
    /// <value>The default value is empty. Blank ones are refused.</value>
    public IReadOnlyList<string> MustNot { get; init; } = [];

    /// <summary>
    /// A signed sum that weighs the query's images and text and adds others, such as <c>image + 2:"dog" - image2</c>. Every image and text
    /// of the query must occur in it. Without a strategy of the query's own, the sum is what is searched for (<c>arithmetic</c>).
    /// </summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public CompositionExpression? Expression { get; init; }

    /// <summary>How the terms become scores.</summary>
    /// <value>The default value is <see langword="null"/>: as <see cref="RetrievalOptions.Strategy"/> says.</value>
    public CompositionStrategy? Strategy { get; init; }

    /// <summary>Ids that must not be found.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyCollection<string> ExcludedIds { get; init; } = [];

    /// <summary>The only items that may be found, as <see cref="Gallery.Select(Func{int, bool})"/> gives them.</summary>
    /// <value>The default value is <see langword="null"/>: all of them.</value>
    public GallerySelection? Selection { get; init; }

    /// <summary>What an item must be to be found, by its id and metadata; together with <see cref="Selection"/> where both are given.</summary>
    /// <value>The default value is <see langword="null"/>: anything. Queries of a batch that share one object are compared together.</value>
    public GalleryFilter? Filter { get; init; }

    /// <summary>Whether the image of <see cref="ReferenceId"/> must not be found, as CIRR demands.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ExcludeReference { get; init; }

    /// <summary>The least score of an image that is found, itself included.</summary>
    /// <value>The default value is <see langword="null"/>: any score.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number.</exception>
    public double? MinScore
    {
        get;
        init
        {
            if (value is { } score && !double.IsFinite(score))
            {
                throw new ArgumentOutOfRangeException(nameof(MinScore), value, "The least score must be a finite number.");
            }

            field = value;
        }
    }

    /// <summary>How many images to find for this query.</summary>
    /// <value>At least 1. The default value is <see langword="null"/>: as the search says.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Count
    {
        get;
        init
        {
            if (value is { } count)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(Count));
            }

            field = value;
        }
    }

    /// <summary>How much captions count for this query, the paper's β.</summary>
    /// <value>In [0, 1]. The default value is <see langword="null"/>: as <see cref="RetrievalOptions.Beta"/> says.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double? Beta
    {
        get;
        init
        {
            if (value is { } weight)
            {
                Folding.ThrowIfNotWeight(weight, nameof(Beta));
            }

            field = value;
        }
    }
}
