using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Evaluation.Features;

/// <summary>Encodes the images, captions and texts of data sets with one model, each distinct one once.</summary>
/// <remarks>
/// What was encoded is remembered by content, in memory for the encoder's life and on disk where a folder is given, so that categories
/// share their images and a killed run resumes. Images that are missing or corrupt are reported, not fatal: whether an evaluation goes
/// on without them is the runner's decision. Not for concurrent use.
/// </remarks>
public sealed class FeatureEncoder
{
    private readonly ITextEncoder _textEncoder;
    private readonly FeatureEncoderOptions _options;
    private readonly ImageFeatureCache _images;
    private readonly TextFeatureCache _texts;
    private readonly TextFeatureCache _captions;
    private readonly ComposedFeatureCache? _composed;

    /// <summary>Creates the encoder of a model's two halves.</summary>
    /// <param name="imageEncoder">Encodes images.</param>
    /// <param name="textEncoder">Encodes texts, into the same space.</param>
    /// <param name="options">How to encode; <see langword="null"/> for the defaults.</param>
    /// <exception cref="InvalidEmbeddingException">The halves have different dimensions.</exception>
    /// <exception cref="ArgumentException">The encoder of captions, or of images and texts together, is of another model.</exception>
    public FeatureEncoder(IImageEncoder imageEncoder, ITextEncoder textEncoder, FeatureEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(imageEncoder);
        ArgumentNullException.ThrowIfNull(textEncoder);
        EmbeddingGuard.ThrowIfDimensionsDiffer(textEncoder.Info.Dimensions, imageEncoder.Info.Dimensions, "The text encoder");
        _textEncoder = textEncoder;
        _options = options is null ? new FeatureEncoderOptions() : new FeatureEncoderOptions(options);
        _images = new ImageFeatureCache(imageEncoder, _options);
        _texts = new TextFeatureCache(textEncoder, _options);
        _captions = _texts;
        if (_options.CaptionEncoder is { } captions && captions.Info.ModelId != textEncoder.Info.ModelId)
        {
            ThrowIfOther(captions.Info, textEncoder.Info);
            _captions = new TextFeatureCache(captions, _options);
        }

        if (_options.ComposedEncoder is { } composed)
        {
            ThrowIfOther(composed.Info, imageEncoder.Info);
            _composed = new ComposedFeatureCache(composed, _images, _options);
        }
    }

    /// <summary>Encodes a data set.</summary>
    /// <param name="dataset">The annotations.</param>
    /// <param name="recipe">How captions of queries become texts.</param>
    /// <param name="captions">Captions of gallery images by name; <see langword="null"/> for none. An image without any gets the empty text.</param>
    /// <param name="targetDescriptions">
    /// Descriptions of each query's target, in the order of the queries, such as a language model writes them; the directions of several
    /// are averaged, and a query without any gets its text's embedding. <see langword="null"/> for none at all.
    /// </param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Stops the work between batches; what was finished is remembered.</param>
    /// <returns>The features, and the images that could not be encoded.</returns>
    /// <exception cref="ArgumentException">There is not one entry of <paramref name="targetDescriptions"/> per query.</exception>
    /// <exception cref="InvalidDatasetException">The data set names no images, or none of them can be encoded.</exception>
    public async Task<EncodedDataset> EncodeAsync(
        EvaluationDataset dataset,
        ITextRecipe recipe,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = null,
        IReadOnlyList<IReadOnlyList<string>>? targetDescriptions = null,
        IProgress<EncodingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(recipe);
        if (targetDescriptions is not null && targetDescriptions.Count != dataset.Queries.Count)
        {
            throw new ArgumentException(
                $"There are {targetDescriptions.Count} lists of descriptions for {dataset.Queries.Count} queries; expected one each.", nameof(targetDescriptions));
        }

        if (dataset.Gallery.Count == 0)
        {
            throw new InvalidDatasetException(
                $"{dataset.Label} has no index of its images. "
                + "Put the images and their index beside the annotations ('COCO2017_unlabeled', "
                + "which holds 'annotations/image_info_unlabeled2017.json' and 'unlabeled2017'), or give precomputed features.");
        }

        (IReadOnlyList<ImageProblem> problems, int encodedImages) = await _images.EncodeAsync(dataset.Images, progress, cancellationToken).ConfigureAwait(false);
        HashSet<string> unusable = [.. problems.Select(problem => problem.Name)];
        GalleryImage[] gallery = [.. dataset.Images.Where(image => !unusable.Contains(image.Name))];
        if (gallery.Length == 0)
        {
            IReadOnlyList<MissingFolder> folders = MissingFolder.Find(dataset, problems);
            throw new InvalidDatasetException($"None of the {dataset.Images.Count} images of {dataset.Label} can be encoded. "
                + (folders.Count > 0 ? string.Join(' ', folders.Select(folder => folder.Message)) : $"The first: '{problems[0].Path}': {problems[0].Message}"));
        }

        IReadOnlyList<IReadOnlyList<string>> captionTexts = captions is null ? [] : [.. gallery.Select(image => Counted(captions.GetValueOrDefault(image.Name) ?? []))];
        IReadOnlyList<IReadOnlyList<string>> queryTexts = [.. dataset.Queries.Select(query => recipe.Compose(query))];
        IReadOnlyList<IReadOnlyList<string>> targetTexts
            = targetDescriptions is null ? [] : [.. targetDescriptions.Select((texts, query) => texts.Count > 0 ? texts : queryTexts[query])];
        int encodedTexts = await _captions.EncodeAsync("captions", captionTexts, progress, cancellationToken).ConfigureAwait(false);
        encodedTexts += await _texts
            .EncodeAsync("texts", [.. queryTexts, .. targetTexts, .. QueryConstraints.Texts(dataset)], progress, cancellationToken).ConfigureAwait(false);
        (EmbeddingMatrix? composedRows, int encodedQueries) = _composed is null ? (null, 0)
            : await _composed.EncodeAsync(dataset, References(dataset, gallery), queryTexts, progress, cancellationToken).ConfigureAwait(false);
        progress?.Report(new EncodingProgress("queries", dataset.Queries.Count, dataset.Queries.Count));

        int slots = captions is null ? 0 : _options.CaptionsPerImage;
        EvaluationFeatures features = new(
            _textEncoder.Info.Space,
            [.. gallery.Select(image => image.Name)],
            _images.Matrix(gallery),
            [.. Enumerable.Range(0, slots).Select(slot => Matrix(captionTexts, (texts, row) => _captions.Write(texts[slot], row)))],
            captions is null ? [] : [.. Enumerable.Range(0, gallery.Length).Where(i => captions.GetValueOrDefault(gallery[i].Name) is null or { Count: 0 })],
            Matrix(queryTexts, _texts.Write))
        {
            CaptionCounts = captions is null ? null : [.. gallery.Select(image => Math.Min(slots, captions.GetValueOrDefault(image.Name)?.Count ?? 0))],
            TargetDescriptions = targetDescriptions is null ? null : Matrix(targetTexts, _texts.Write),
            ComposedQueries = composedRows,
            Terms = QueryConstraints.Terms(dataset, _texts, _textEncoder.Info.Dimensions),
        };
        return new EncodedDataset(features, problems, encodedImages, encodedTexts) { EncodedQueries = encodedQueries };
    }

    private static void ThrowIfOther(EncoderInfo given, EncoderInfo expected)
    {
        EmbeddingGuard.ThrowIfDimensionsDiffer(given.Dimensions, expected.Dimensions, $"The encoder '{given.ModelId}'");
        if (given.Space != expected.Space)
        {
            throw new ArgumentException(
                $"The encoder '{given.ModelId}' is of another model than '{expected.ModelId}': their embeddings cannot be compared. "
                + "Take both from one model.", nameof(given));
        }
    }

    private static GalleryImage?[] References(EvaluationDataset dataset, GalleryImage[] gallery)
    {
        Dictionary<string, GalleryImage> images = gallery.ToDictionary(image => image.Name, StringComparer.Ordinal);
        return [.. dataset.Queries.Select(query => images.GetValueOrDefault(query.Reference))];
    }

    // Places behind an image's own captions are not read; what stands there is encoded anyway.
    private IReadOnlyList<string> Counted(IReadOnlyList<string> captions) => captions.Count == 0
        ? [.. Enumerable.Repeat(string.Empty, _options.CaptionsPerImage)]
        : [.. Enumerable.Range(0, _options.CaptionsPerImage).Select(slot => captions[Math.Min(slot, captions.Count - 1)])];

    private EmbeddingMatrix Matrix<T>(IReadOnlyList<T> items, RowWriter<T> write)
    {
        int dimensions = _textEncoder.Info.Dimensions;
        EmbeddingMatrix matrix = EmbeddingMatrix.Allocate(items.Count, dimensions, out Memory<float> values);
        for (int i = 0; i < items.Count; i++)
        {
            write(items[i], values.Span.Slice(i * dimensions, dimensions));
        }

        return matrix;
    }

    private delegate void RowWriter<T>(T item, Span<float> row);
}
