using System.Diagnostics;
using ZeroShotCir.Captions;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Recipes;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>A loaded model that encodes data sets with one source of captions after another, every picture and text once.</summary>
internal sealed class ModelEncoding
{
    private readonly EncoderSource _model;
    private readonly ITextRecipe _recipe;
    private readonly EncoderInfo _images;
    private readonly FeatureEncoder _encoder;

    /// <param name="model">The model, which stays the caller's to dispose.</param>
    /// <param name="recipe">How captions of queries become texts.</param>
    /// <param name="cacheFolder">Where embeddings are remembered; <see langword="null"/> for nowhere.</param>
    /// <param name="composes">Whether reference images and texts are read together, too.</param>
    public ModelEncoding(EncoderSource model, ITextRecipe recipe, string? cacheFolder, bool composes)
    {
        _model = model;
        _recipe = recipe;
        IImageEncoder images = model.Images();
        _images = images.Info;
        _encoder = new FeatureEncoder(images, model.Texts(), new FeatureEncoderOptions
        {
            CacheFolder = cacheFolder,
            Decoder = model.Decoder,
            DecodeOptions = model.Reading,
            CaptionEncoder = model.Texts(EncodingRole.Document),
            ComposedEncoder = composes ? model.Composed() : null,
        });
    }

    public async Task<PreparedRun> EncodeAsync(
        IReadOnlyList<EvaluationDataset> datasets,
        FileInfo? captionFile,
        FileInfo? compositionFile,
        EvaluationOptions options,
        EncodingTracker tracker,
        CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = captionFile is null ? null : CaptionFile.Read(captionFile.FullName);
        IReadOnlyDictionary<string, IReadOnlyList<string>>? composition = compositionFile is null ? null : CaptionFile.Read(compositionFile.FullName);
        List<PreparedCategory> categories = [];
        int encodedImages = 0, encodedTexts = 0;
        foreach (EvaluationDataset dataset in datasets)
        {
            if (captions is not null && dataset.Gallery.Count > 0 && !dataset.Gallery.Any(image => captions.ContainsKey(image.Name)))
            {
                throw new InvalidDatasetException(
                    $"'{captionFile}' has captions for none of the {dataset.Gallery.Count} images of {dataset.Label}, such as '{dataset.Gallery[0].Name}'. "
                    + "Give the file that was made for this data set; 'cir caption --ids name' calls pictures as data sets do.");
            }

            EncodedDataset encoded = await _encoder.EncodeAsync(dataset, _recipe, captions, Targets(dataset, composition, options), tracker.Follow(dataset), cancellationToken);
            encodedImages += encoded.EncodedImages;
            encodedTexts += encoded.EncodedTexts;
            categories.Add(new PreparedCategory(Join(dataset, encoded, options), encoded.Problems, captions is not null) { Features = encoded.Features });
        }

        SourceManifest source = new()
        {
            Model = ManifestOf(_model, _images.Dimensions, _images.IsUnitLength),
            Preprocessing = _model.Folder?.Preprocessing,
            Usage = _model.Usage,
            TextRecipe = _recipe.Name,
            Captions = captionFile?.FullName,
            Composition = compositionFile?.FullName,
            Described = composition is null ? null : datasets.Sum(dataset => dataset.Queries.Count(query => composition.ContainsKey(dataset.NameOf(query)))),
        };
        return new PreparedRun(categories, source, new EncodingEffort(clock.Elapsed.TotalSeconds, encodedImages, encodedTexts));
    }

    /// <summary>What a manifest says of a model.</summary>
    public static ModelManifest ManifestOf(EncoderSource model, int dimensions, bool isUnitLength)
        => new(model.ModelId, model.Folder is { } folder ? Path.GetFullPath(folder.Path) : null, model.Family, dimensions, isUnitLength)
        {
            Composition = model.Composition.ToString().ToLowerInvariant(),
            Service = model.Folder is null ? model.Place : null,
        };

    private static IReadOnlyList<IReadOnlyList<string>>? Targets(
        EvaluationDataset dataset, IReadOnlyDictionary<string, IReadOnlyList<string>>? composition, EvaluationOptions options)
    {
        if (composition is null)
        {
            return null;
        }

        IReadOnlyList<IReadOnlyList<string>> targets = [.. dataset.Queries.Select(query => composition.GetValueOrDefault(dataset.NameOf(query)) ?? [])];
        string[] missing = [.. dataset.Queries.Where((_, position) => targets[position].Count == 0).Select(dataset.NameOf)];
        return missing.Length == 0 || (options.AllowMissing && missing.Length < targets.Count)
            ? targets
            : throw new InvalidDatasetException(
                $"{missing.Length} of {targets.Count} queries of {dataset.Label} have no description of their target, the first: '{missing[0]}'. "
                + "Run 'cir compose' again, or let their text stand in by --allow-missing.");
    }

    private static EvaluationRunner Join(EvaluationDataset dataset, EncodedDataset encoded, EvaluationOptions options)
    {
        if (encoded.Problems.Count > 0 && !options.AllowMissing)
        {
            IReadOnlyList<MissingFolder> folders = MissingFolder.Find(dataset, encoded.Problems);
            string first = folders.Count > 0 ? folders[0].Message : $"The first: '{encoded.Problems[0].Path}': {encoded.Problems[0].Message}";
            throw new InvalidDatasetException(
                $"{encoded.Problems.Count} of {dataset.Images.Count} images of {dataset.Label} are missing or corrupt. {first} "
                + "Go on without them by --allow-missing, or list them all by 'cir dataset check'.");
        }

        return new EvaluationRunner(dataset, encoded.Features, options);
    }
}
