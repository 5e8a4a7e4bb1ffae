using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Fusion;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// The ranked gallery and the queries in the form that scoring needs: unit vectors, packed for products. Made once for all settings
/// that share the treatment of missing captions and of centring.
/// </summary>
internal sealed class RankingSpace
{
    private readonly EvaluationFeatures _features;
    private readonly IReadOnlyList<int> _rows;
    private readonly IReadOnlyList<ResolvedQuery> _queries;
    private readonly bool _imageOnly;
    private readonly EmbeddingMatrix _images;
    private readonly IReadOnlyList<EmbeddingMatrix> _captions;
    private readonly EmbeddingMatrix _texts;
    private readonly HashSet<int> _withoutCaptions;
    private readonly Lazy<ScoringPath> _imagePath;
    private readonly Lazy<ScoringPath> _captionPath;
    private readonly Lazy<IReadOnlyList<ScoringPath>> _referencePaths;

    /// <param name="features">The features.</param>
    /// <param name="rows">The rows of the features that are ranked, in the order of ordinals.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="missing">How images without captions are scored.</param>
    /// <param name="centred">Whether the mean of its modality is taken away from every embedding.</param>
    public RankingSpace(EvaluationFeatures features, IReadOnlyList<int> rows, IReadOnlyList<ResolvedQuery> queries, MissingCaptions missing, bool centred)
    {
        _features = features;
        _rows = rows;
        _queries = queries;
        _imageOnly = missing == MissingCaptions.ImageOnly;
        _withoutCaptions = [.. features.WithoutCaptions];
        (_images, _captions, _texts) = centred ? Centre(features, rows) : (features.Images, features.Captions, features.Texts);
        ImageOnlyItems = _imageOnly ? [.. Enumerable.Range(0, rows.Count).Where(i => _withoutCaptions.Contains(rows[i]))] : [];
        _imagePath = new(() => new ScoringPath(new QueryTerms(RawTerm), new InnerProducts(GalleryUnits(_images))));
        _captionPath = new(() => new ScoringPath(_imagePath.Value.Terms, new InnerProducts(UnitRows.Mean(_captions, _rows))));
        _referencePaths = new(() => [.. _captions.Select(caption => new ScoringPath(new QueryTerms(term => RawTerm(term, caption)), new InnerProducts(GalleryUnits(caption))))]);
    }

    public int GalleryCount => _rows.Count;

    /// <summary>The ordinals whose captions' similarity is replaced by that of their image.</summary>
    public IReadOnlyList<int> ImageOnlyItems { get; }

    /// <summary>The paths of a formula: first that to the images, then those to captions, whose scores are averaged.</summary>
    public IReadOnlyList<ScoringPath> Paths(Scoring scoring, bool withCaptions) => (withCaptions, scoring) switch
    {
        (false, _) => [_imagePath.Value],
        (true, Scoring.Paper) => [_imagePath.Value, _captionPath.Value],
        _ => [_imagePath.Value, .. _referencePaths.Value],
    };

    private EmbeddingMatrix GalleryUnits(EmbeddingMatrix matrix) => UnitRows.Of(matrix, _rows);

    private EmbeddingMatrix RawTerm(QueryTerm term) => RawTerm(term, _images);

    // On a caption path of reference scoring, the reference's own caption stands for its image.
    private EmbeddingMatrix RawTerm(QueryTerm term, EmbeddingMatrix references) => term switch
    {
        QueryTerm.Image => Collect((query, row) => ReferenceOf(query, references).CopyTo(row)),
        QueryTerm.Text => Texts(_texts),
        QueryTerm.Description => Collect(Describe),
        QueryTerm.Target when _features.TargetDescriptions is { } given => Texts(given),
        QueryTerm.Target => Collect(DescribeTarget),
        QueryTerm.Product => Collect((query, row) => new HadamardFusion().Fuse(ReferenceOf(query, references), _texts[query.Position], row)),
        _ => throw new ArgumentOutOfRangeException(nameof(term), term, "An unknown term."),
    };

    private ReadOnlySpan<float> ReferenceOf(ResolvedQuery query, EmbeddingMatrix references)
        => (_imageOnly && _withoutCaptions.Contains(query.ReferenceRow) ? _images : references)[query.ReferenceRow];

    private void Describe(ResolvedQuery query, Span<float> row)
    {
        if (_captions.Count == 0)
        {
            throw new ArgumentException("The fusion needs a description of the reference, but the features hold no captions. Give captions (or, where the fusion takes a target, descriptions of the targets), or choose another fusion.");
        }

        row.Clear();
        foreach (EmbeddingMatrix caption in _captions)
        {
            SignedSum.Add(row, ReferenceOf(query, caption), 1);
        }
    }

    private void DescribeTarget(ResolvedQuery query, Span<float> row)
    {
        float[] description = new float[row.Length];
        Describe(query, description);
        row.Clear();
        SignedSum.Add(row, description, 1);
        SignedSum.Add(row, _texts[query.Position], 1);
    }

    private EmbeddingMatrix Texts(EmbeddingMatrix texts) => UnitRows.Gather(texts, [.. _queries.Select(query => query.Position)]);

    private EmbeddingMatrix Collect(RowWriter write)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(_queries.Count, _images.Dimensions, out Memory<float> values);
        for (int i = 0; i < _queries.Count; i++)
        {
            write(_queries[i], values.Span.Slice(i * _images.Dimensions, _images.Dimensions));
        }

        return matrix;
    }

    // Means are taken over the ranked gallery: the images' for images, the captions' for every text.
    private static (EmbeddingMatrix Images, IReadOnlyList<EmbeddingMatrix> Captions, EmbeddingMatrix Texts) Centre(EvaluationFeatures features, IReadOnlyList<int> rows)
    {
        ModalityCentre images = ModalityCentre.Of(UnitRows.Gather(features.Images, rows));
        ModalityCentre texts = features.Captions.Count > 0 ? new ModalityCentre(Mean(UnitRows.Mean(features.Captions, rows))) : ModalityCentre.Of(features.Texts);
        return (images.Centre(features.Images), [.. features.Captions.Select(texts.Centre)], texts.Centre(features.Texts));
    }

    private static float[] Mean(EmbeddingMatrix matrix)
    {
        double[] sum = new double[matrix.Dimensions];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += matrix[row][i];
            }
        }

        return Array.ConvertAll(sum, x => (float)(x / matrix.Rows));
    }

    private delegate void RowWriter(ResolvedQuery query, Span<float> row);
}
