using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Everything of a data set that has been encoded: from here on, settings are compared without looking at a pixel again.</summary>
/// <remarks>Embeddings are the encoder's raw output. Immutable; serves concurrent callers.</remarks>
public sealed class EvaluationFeatures
{
    /// <summary>Puts encoded parts together.</summary>
    /// <param name="source">Where they come from: a model's identity or the path of a features folder.</param>
    /// <param name="galleryNames">The names of the gallery images, unique.</param>
    /// <param name="images">Their embeddings, one row per name.</param>
    /// <param name="captions">For each caption of an image, a matrix with one row per name; empty without captions.</param>
    /// <param name="withoutCaptions">The positions of images that have no caption; their rows hold the empty text's embedding.</param>
    /// <param name="texts">The embeddings of the queries' texts, in the order of the annotation file.</param>
    /// <exception cref="ArgumentException">Sizes do not fit together or a name is repeated.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding is not finite or dimensions differ.</exception>
    public EvaluationFeatures(
        string source,
        IReadOnlyList<string> galleryNames,
        EmbeddingMatrix images,
        IReadOnlyList<EmbeddingMatrix> captions,
        IReadOnlyList<int> withoutCaptions,
        EmbeddingMatrix texts)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentNullException.ThrowIfNull(galleryNames);
        ArgumentNullException.ThrowIfNull(captions);
        ArgumentNullException.ThrowIfNull(withoutCaptions);
        Check(images, galleryNames.Count, images.Dimensions, "The image embedding", nameof(images));
        Check(texts, texts.Rows, images.Dimensions, "The text embedding", nameof(texts));
        foreach (EmbeddingMatrix caption in captions)
        {
            Check(caption, galleryNames.Count, images.Dimensions, "The caption embedding", nameof(captions));
        }

        Dictionary<string, int> rows = new(galleryNames.Count, StringComparer.Ordinal);
        for (int row = 0; row < galleryNames.Count; row++)
        {
            if (!rows.TryAdd(galleryNames[row], row))
            {
                throw new ArgumentException($"The image '{galleryNames[row]}' is named twice; names must be unique.", nameof(galleryNames));
            }
        }

        Source = source;
        GalleryNames = galleryNames;
        Images = images;
        Captions = captions;
        WithoutCaptions = withoutCaptions;
        Texts = texts;
        Rows = rows;
    }

    /// <summary>Where the embeddings come from: a model's identity or the path of a features folder.</summary>
    public string Source { get; }

    /// <summary>The names of the gallery images.</summary>
    public IReadOnlyList<string> GalleryNames { get; }

    /// <summary>The embeddings of the gallery images, one row per name.</summary>
    public EmbeddingMatrix Images { get; }

    /// <summary>For each caption of an image, a matrix with one row per name; empty without captions.</summary>
    public IReadOnlyList<EmbeddingMatrix> Captions { get; }

    /// <summary>The positions of images that have no caption; their rows hold the empty text's embedding.</summary>
    public IReadOnlyList<int> WithoutCaptions { get; }

    /// <summary>The embeddings of the queries' texts, in the order of the annotation file.</summary>
    public EmbeddingMatrix Texts { get; }

    /// <summary>
    /// The embeddings of descriptions of the targets, such as captions edited by a language model, in the order of the annotation file.
    /// </summary>
    /// <value>
    /// <see langword="null"/>, the default value, where there are none; strategies that read them are then refused, or
    /// <see cref="MissingEvidence.StandIn"/>.
    /// </value>
    public EmbeddingMatrix? TargetDescriptions { get; init; }

    /// <summary>
    /// The embeddings of each query's reference image and text together, as a composed encoder writes them, in the order of the annotation
    /// file; zeros where the reference could not be encoded.
    /// </summary>
    /// <value><see langword="null"/>, the default value, where there are none; strategies that read them, such as <c>joint</c>, are then refused.</value>
    /// <exception cref="ArgumentException">There is not one row for each query.</exception>
    /// <exception cref="InvalidEmbeddingException">An embedding is not finite, or of another dimension.</exception>
    public EmbeddingMatrix? ComposedQueries
    {
        get;
        init
        {
            if (value is not null && value.Rows != Texts.Rows)
            {
                throw new ArgumentException($"There are {value.Rows} composed embeddings for {Texts.Rows} queries; expected one each.", nameof(value));
            }

            if (value is not null)
            {
                Check(value, value.Rows, Dimensions, "The composed embedding", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>How many captions of its own each image has: the first ones of <see cref="Captions"/> count, the others are ignored.</summary>
    /// <value>
    /// <see langword="null"/>, the default value, where each has all of them. Those of <see cref="WithoutCaptions"/> are ignored.
    /// </value>
    /// <exception cref="ArgumentException">There is not one number from 1 to the number of captions for each image with captions.</exception>
    public IReadOnlyList<int>? CaptionCounts
    {
        get;
        init
        {
            HashSet<int> without = [.. WithoutCaptions];
            if (value is not null && (value.Count != GalleryNames.Count || value.Where((count, row) => !without.Contains(row) && (count < 1 || count > Captions.Count)).Any()))
            {
                throw new ArgumentException($"Expected for each of {GalleryNames.Count} images a number of captions from 1 to {Captions.Count}.", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Further terms of each query, in the order of the annotation file: other images, must-have and must-not texts, descriptions.</summary>
    /// <value><see langword="null"/>, the default value, where there are none.</value>
    public IReadOnlyList<TermSet>? Terms { get; init; }

    /// <summary>What was measured of a corpus of texts, for the strategy <c>basic</c>.</summary>
    /// <value><see langword="null"/>, the default value, where nobody made it; the strategy is then refused.</value>
    /// <exception cref="InvalidEmbeddingException">Its dimension is not that of the embeddings.</exception>
    public CorpusProjection? Projection
    {
        get;
        init
        {
            EmbeddingGuard.ThrowIfDimensionsDiffer(value?.Dimensions ?? Dimensions, Dimensions, "The projection");
            field = value;
        }
    }

    /// <summary>The same features with a projection.</summary>
    /// <param name="projection">The projection.</param>
    /// <returns>The features; embeddings are shared.</returns>
    /// <exception cref="InvalidEmbeddingException">Its dimension is not that of the embeddings.</exception>
    public EvaluationFeatures WithProjection(CorpusProjection projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return new EvaluationFeatures(Source, GalleryNames, Images, Captions, WithoutCaptions, Texts)
        {
            TargetDescriptions = TargetDescriptions,
            ComposedQueries = ComposedQueries,
            CaptionCounts = CaptionCounts,
            Terms = Terms,
            Projection = projection,
        };
    }

    /// <summary>The number of components of every embedding.</summary>
    public int Dimensions => Images.Dimensions;

    internal IReadOnlyDictionary<string, int> Rows { get; }

    private static void Check(EmbeddingMatrix matrix, int rows, int dimensions, string what, string name)
    {
        if (matrix.Rows != rows)
        {
            throw new ArgumentException($"There are {matrix.Rows} rows for {rows} images; expected one each.", name);
        }

        EmbeddingGuard.ThrowIfDimensionsDiffer(matrix.Dimensions, dimensions, what);
        EmbeddingGuard.ThrowIfNotFinite(matrix, what);
    }
}
