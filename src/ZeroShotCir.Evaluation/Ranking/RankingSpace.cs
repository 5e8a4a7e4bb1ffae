using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Similarity;

namespace ZeroShotCir.Evaluation.Ranking;

/// <summary>
/// The ranked gallery and the queries in the form that scoring needs: unit vectors, packed for products. Made once for all settings
/// that share the treatment of what is missing and the space of their strategy.
/// </summary>
internal sealed class RankingSpace
{
    private readonly EvaluationFeatures _features;
    private readonly IReadOnlyList<int> _rows;
    private readonly IReadOnlyList<ResolvedQuery> _queries;
    private readonly OwnCaptions _captions;
    private readonly SpaceTransform? _transform;
    private readonly FeatureTerms _evidence;
    private readonly int[] _counts;
    private readonly int[] _imageOnly;
    private readonly Lazy<InnerProducts> _imageProducts;
    private readonly Lazy<InnerProducts> _captionProducts;
    private readonly Lazy<InnerProducts>[] _positionProducts;

    /// <param name="features">The features.</param>
    /// <param name="rows">The rows of the features that are ranked, in the order of ordinals.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="key">The treatment of what is missing, and the space.</param>
    public RankingSpace(EvaluationFeatures features, IReadOnlyList<int> rows, IReadOnlyList<ResolvedQuery> queries, SpaceKey key)
    {
        _features = features;
        _rows = rows;
        _queries = queries;
        _captions = new OwnCaptions(features, key.Missing);
        _counts = [.. rows.Select(_captions.CountOf)];
        _transform = key.Space == CompositionSpace.Centered ? Center(key.Evidence) : null;
        _evidence = new FeatureTerms(features, _captions, key.Missing, key.Evidence, _transform, query => new RankedItems(this, query.Candidates));
        _imageOnly = features.Captions.Count == 0 ? [] : [.. Enumerable.Range(0, rows.Count).Where(i => _counts[i] == 0)];
        HasEqualCounts = _counts.All(count => count == features.Captions.Count);
        _imageProducts = new(() => new InnerProducts(Units(features.Images, isText: false)));
        _captionProducts = new(() => new InnerProducts(CaptionMeans()));
        _positionProducts = [.. Enumerable.Range(0, features.Captions.Count).Select(j => new Lazy<InnerProducts>(() => new InnerProducts(CaptionsAt(j))))];
    }

    public int GalleryCount => _rows.Count;


    /// <summary>Whether every item has a caption at every position.</summary>
    public bool HasEqualCounts { get; }

    /// <summary>How many captions of an item count.</summary>
    public ReadOnlySpan<int> CaptionCounts => _counts;

    /// <summary>Those of some ordinals that score by their image alone, whatever captions count.</summary>
    public ReadOnlySpan<int> ImageOnlyItems(int start, int length)
    {
        int from = Array.BinarySearch(_imageOnly, start);
        int to = Array.BinarySearch(_imageOnly, start + length);
        from = from < 0 ? ~from : from;
        return _imageOnly.AsSpan(from..(to < 0 ? ~to : to));
    }

    /// <summary>With how many captions a query's reference is compared.</summary>
    public int CaptionsOfReference(int query) => _captions.CountOfReference(_queries[query].ReferenceRow);

    /// <summary>The items of a query's own gallery; empty for the whole.</summary>
    public int[] CandidatesOf(int query) => _queries[query].Candidates;

    /// <summary>All queries, those of one reference beside each other.</summary>
    public int[] QueriesByReference() => [.. Enumerable.Range(0, _queries.Count).OrderBy(query => _queries[query].ReferenceRow)];

    /// <summary>What was measured of a corpus of texts.</summary>
    public CorpusProjection? Projection => _features.Projection;

    /// <summary>The images, packed for products.</summary>
    public InnerProducts Images => _imageProducts.Value;

    /// <summary>What a query is called in messages.</summary>
    public int PositionOf(int query) => _queries[query].Position;

    /// <summary>The paths of a formula: first that to the images, then those to captions, whose scores are averaged.</summary>
    public IReadOnlyList<ScoringPath> Paths(Scoring scoring, bool withCaptions, IReadOnlyList<CompositionStrategy> strategies)
    {
        HashSet<TermRole> roles = [.. strategies.SelectMany(strategy => strategy.Roles)];
        HashSet<TermRole> required = [.. roles.Where(role => strategies.Any(strategy => strategy.Requires(role)))];
        PathVectors vectors = new(strategies, _queries.Count, _features.Dimensions, query => _evidence.ForImages(_queries[query], roles, required));
        ScoringPath images = new(vectors, _imageProducts.Value, null);
        return (withCaptions, scoring) switch
        {
            (false, _) => [images],
            (true, Scoring.Paper) => [images, new ScoringPath(vectors, _captionProducts.Value, ItemsWith(1))],
            _ => [images, .. Enumerable.Range(0, _features.Captions.Count).Select(j => new ScoringPath(
                vectors.WithImages((query, terms) => _evidence.ForCaption(_queries[query], terms, j)), _positionProducts[j].Value, ItemsWith(j + 1)))],
        };
    }

    /// <summary>Copies an item's image embedding, of unit length.</summary>
    public void CopyImage(int ordinal, Span<float> unit) => Unit(_features.Images[_rows[ordinal]], isText: false, unit);

    private int[]? ItemsWith(int captions)
        => _counts.All(count => count >= captions) ? null : [.. Enumerable.Range(0, _counts.Length).Where(i => _counts[i] >= captions)];

    private EmbeddingMatrix Units(EmbeddingMatrix matrix, bool isText) => Matrix((i, row) => Unit(matrix[_rows[i]], isText, row));

    private void Unit(ReadOnlySpan<float> embedding, bool isText, Span<float> unit)
    {
        if (_transform is null)
        {
            UnitVector.Normalize(embedding, unit);
        }
        else if (isText)
        {
            _transform.TransformText(embedding, unit);
        }
        else
        {
            _transform.TransformImage(embedding, unit);
        }
    }

    private EmbeddingMatrix CaptionsAt(int position) => Matrix((i, row) =>
    {
        if (_counts[i] > position)
        {
            Unit(_features.Captions[position][_rows[i]], isText: true, row);
        }
    });

    private EmbeddingMatrix CaptionMeans()
    {
        int dimensions = _features.Dimensions;
        float[] units = new float[_features.Captions.Count * dimensions];
        return Matrix((i, row) =>
        {
            for (int j = 0; j < _counts[i]; j++)
            {
                Unit(_features.Captions[j][_rows[i]], isText: true, units.AsSpan(j * dimensions, dimensions));
            }

            if (_counts[i] > 0)
            {
                // As galleries fold, to the bit.
                Folding.Fold(row, units.AsSpan(0, _counts[i] * dimensions), 1, row);
            }
        });
    }

    private EmbeddingMatrix Matrix(RowWriter write)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(_rows.Count, _features.Dimensions, out Memory<float> values);
        for (int i = 0; i < _rows.Count; i++)
        {
            write(i, values.Span.Slice(i * _features.Dimensions, _features.Dimensions));
        }

        return matrix;
    }

    // Means are taken over the ranked gallery, each item counting the same: the images' for images, the captions' for every text.
    private CenteredSpace Center(MissingEvidence evidence)
    {
        ModalityCenter images = ModalityCenter.FromEmbeddings(Matrix((i, row) => _features.Images[_rows[i]].CopyTo(row)));
        if (_rows.Any(row => !_captions.IsWithout(row)))
        {
            EmbeddingMatrix means = CaptionMeans();
            double[] sum = new double[_features.Dimensions];
            for (int i = 0; i < means.Rows; i++)
            {
                for (int d = 0; d < sum.Length; d++)
                {
                    sum[d] += means[i][d];
                }
            }

            int captioned = _counts.Count(count => count > 0);
            return new CenteredSpace(images, new ModalityCenter(Array.ConvertAll(sum, value => (float)(value / captioned))));
        }

        return evidence == MissingEvidence.StandIn
            ? new CenteredSpace(images, ModalityCenter.FromEmbeddings(_features.Texts))
            : throw new ArgumentException(
                "The strategy 'centred' takes the mean of the texts from the gallery's captions, and there are none. Give captions, allow stand-ins, or choose another strategy.");
    }

    private delegate void RowWriter(int ordinal, Span<float> row);
}
