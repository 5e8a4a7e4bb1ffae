using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Recipes;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Retrieval;

/// <summary>How a <see cref="ComposedImageRetriever"/> scores. The defaults are the paper's setting for CLIP.</summary>
public sealed class RetrievalOptions
{
    /// <summary>How the terms of a query become scores.</summary>
    /// <value>The default value is the weighted sum with α = 0.8 on normalized inputs.</value>
    public CompositionStrategy Strategy
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Strategy));
            field = value;
        }
    } = CompositionStrategy.Weighted;

    /// <summary>How much query↔caption similarity counts against query↔image similarity, the paper's β.</summary>
    /// <value>In [0, 1]. The default value is 0.1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1].</exception>
    public double Beta
    {
        get;
        set
        {
            Folding.ThrowIfNotWeight(value, nameof(Beta));
            field = value;
        }
    } = Folding.DefaultBeta;

    /// <summary>What becomes of <see cref="ComposedQuery.Text"/> before it is encoded, such as a prompt template; other texts are taken as they stand.</summary>
    /// <value>The default value is <see langword="null"/>: the text as it stands.</value>
    public ITextRecipe? TextRecipe { get; set; }

    /// <summary>Which formula scores.</summary>
    /// <value>The default value is <see cref="Scoring.Paper"/>.</value>
    public Scoring Scoring { get; set; }

    /// <summary>How an item without captions is scored.</summary>
    /// <value>The default value is <see cref="MissingCaptions.ImageOnly"/>.</value>
    public MissingCaptions MissingCaptions { get; set; }

    /// <summary>
    /// Encodes the empty text that stands in for missing captions, where a model makes a difference between what is searched with and what is
    /// searched for: as the captions of the gallery were encoded.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the encoder of the queries' texts.</value>
    public ITextEncoder? CaptionEncoder { get; set; }

    /// <summary>How many captions of each item <see cref="Scoring.PublishedCode"/> takes: the first ones.</summary>
    /// <value>At least 1. The default value is 3, as in the published code.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int CaptionsPerItem
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(CaptionsPerItem));
            field = value;
        }
    } = 3;

    /// <summary>
    /// How many indexes for other caption weights are kept: each may hold a folded copy of the gallery. The one used longest ago goes first.
    /// </summary>
    /// <value>At least 1. The default value is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxIndexes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxIndexes));
            field = value;
        }
    } = 4;

    /// <summary>
    /// Whether a query's own caption weight, where it is another one than <see cref="Beta"/>, gets an index of its own: a folded copy of
    /// the gallery, made once and then searched as fast as any. Without, such queries are scored by two scans, of the images and of the captions'
    /// means, and no further copy is made: for people who move a slider.
    /// </summary>
    /// <value>The default value is <see langword="true"/>. Scores of the two ways differ by rounding.</value>
    public bool FoldOtherBetas { get; set; } = true;

    /// <summary>How the index searches; no setting changes what it finds.</summary>
    /// <value>The default value is that of <see cref="ExactIndexOptions"/>.</value>
    public ExactIndexOptions Index { get; set; } = new();

    /// <summary>How many descriptions of the target a describer is asked for, where a strategy reads them and a query has none.</summary>
    /// <value>At least 1. The default value is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int DescriptionCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(DescriptionCount));
            field = value;
        }
    } = 1;

    /// <summary>
    /// How many of the first images a re-ranker looks at and puts in a new order. One whose picture is missing or cannot be read keeps its place
    /// and is named in <see cref="GallerySearchStatistics.Missing"/>.
    /// </summary>
    /// <value>The default value is 0: none, whether or not there is a re-ranker.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int RerankDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(RerankDepth));
            field = value;
        }
    }

    internal RetrievalOptions Copy() => (RetrievalOptions)MemberwiseClone();
}
