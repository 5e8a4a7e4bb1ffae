using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Captions;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluator.CommandLine;
using ZeroShotCir.Evaluator.Output;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Evaluator.Runs;

/// <summary>Reads or encodes what is evaluated.</summary>
internal static class RunPreparation
{
    /// <summary>Does what the options of a command ask for.</summary>
    public static async Task<PreparedRun> FromOptionsAsync(
        DatasetOptions dataset, SourceOptions source, IEnumerable<FusionStrategy> fusions, ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        EvaluationOptions options = new() { AllowMissing = source.AllowMissing(arguments) };
        FileInfo? composition = source.Composition(arguments, fusions);
        if (!source.Model.IsGiven(arguments))
        {
            return FromFeatures(dataset, source.Features(arguments), options, arguments);
        }

        OnnxModelFolder model = source.Model.Open(arguments);
        string name = dataset.Name(arguments);
        ITextRecipe recipe = source.Recipe(arguments) is { } asked ? TextRecipe.Parse(asked, name) : TextRecipe.DefaultOf(name);
        IReadOnlyList<EvaluationDataset> datasets = dataset.Read(arguments);
        PreparedRun run = await terminal.TrackAsync(
            "encoding",
            EncodingTracker.Steps(datasets),
            progress => FromModelAsync(
                datasets, model, recipe, source.Captions(arguments), composition, source.Cache(arguments), options, new EncodingTracker(progress), cancellationToken));
        foreach (PreparedCategory category in run.Categories)
        {
            foreach (ImageProblem problem in category.Problems)
            {
                terminal.Warn($"{problem.Kind.ToString().ToLowerInvariant()} image '{problem.Name}' of {category.Dataset.Label}: {problem.Message}");
            }
        }

        return run;
    }

    /// <summary>Encodes categories of a data set by a model.</summary>
    public static async Task<PreparedRun> FromModelAsync(
        IReadOnlyList<EvaluationDataset> datasets,
        OnnxModelFolder model,
        ITextRecipe recipe,
        FileInfo? captionFile,
        FileInfo? compositionFile,
        string? cacheFolder,
        EvaluationOptions options,
        EncodingTracker tracker,
        CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        SkiaImageDecoder decoder = new();
        using OnnxImageEncoder images = model.CreateImageEncoder(decoder);
        using OnnxTextEncoder texts = model.CreateTextEncoder();
        FeatureEncoder encoder = new(images, texts, new FeatureEncoderOptions { CacheFolder = cacheFolder, Decoder = decoder });
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = captionFile is null ? null : CaptionFile.Read(captionFile.FullName);
        IReadOnlyDictionary<string, IReadOnlyList<string>>? composition = compositionFile is null ? null : CaptionFile.Read(compositionFile.FullName);
        List<PreparedCategory> categories = [];
        foreach (EvaluationDataset dataset in datasets)
        {
            EncodedDataset encoded = await encoder.EncodeAsync(dataset, recipe, captions, Targets(dataset, composition, options), tracker.Follow(dataset), cancellationToken);
            categories.Add(new PreparedCategory(Join(dataset, encoded, options), encoded.Problems, captions is not null));
        }

        SourceManifest source = new()
        {
            Model = new ModelManifest(model.ModelId, Path.GetFullPath(model.Path), model.Inspect().Family, images.Info.Dimensions, images.Info.UnitLength),
            Preprocessing = model.Preprocessing,
            TextRecipe = recipe.Name,
            Captions = captionFile?.FullName,
            Composition = compositionFile?.FullName,
            Described = composition is null ? null : datasets.Sum(dataset => dataset.Queries.Count(query => composition.ContainsKey(dataset.NameOf(query)))),
        };
        return new PreparedRun(categories, source, clock.Elapsed.TotalSeconds);
    }

    private static IReadOnlyList<IReadOnlyList<string>>? Targets(
        EvaluationDataset dataset, IReadOnlyDictionary<string, IReadOnlyList<string>>? composition, EvaluationOptions options)
    {
        if (composition is null)
        {
            return null;
        }

        IReadOnlyList<IReadOnlyList<string>> targets = [.. dataset.Queries.Select(query => composition.GetValueOrDefault(dataset.NameOf(query)) ?? [])];
        int missing = targets.Count(texts => texts.Count == 0);
        return missing == 0 || (options.AllowMissing && missing < targets.Count)
            ? targets
            : throw new InvalidDatasetException(
                $"{missing} of {targets.Count} queries of {dataset.Label} have no description of their target, the first: '{dataset.NameOf(dataset.Queries.First(query => !composition.ContainsKey(dataset.NameOf(query))))}'. Run 'cir compose' again, or let their text stand in by --allow-missing.");
    }

    private static EvaluationRunner Join(EvaluationDataset dataset, EncodedDataset encoded, EvaluationOptions options)
    {
        if (encoded.Problems.Count > 0 && !options.AllowMissing)
        {
            throw new InvalidDatasetException(
                $"{encoded.Problems.Count} of {dataset.Gallery.Count} images of {dataset.Label} are missing or corrupt, the first: '{encoded.Problems[0].Path}': {encoded.Problems[0].Message} Go on without them by --allow-missing, or list them all by 'cir dataset check'.");
        }

        return new EvaluationRunner(dataset, encoded.Features, options);
    }

    private static PreparedRun FromFeatures(DatasetOptions options, IReadOnlyList<DirectoryInfo> folders, EvaluationOptions evaluation, ParseResult arguments)
    {
        Stopwatch clock = Stopwatch.StartNew();
        List<(string Folder, string? Category)> chosen = Choose(options, folders, arguments);
        string[] asked = [.. chosen.Select(folder => folder.Category).OfType<string>()];
        IReadOnlyList<EvaluationDataset> datasets = options.Read(arguments, asked);
        List<PreparedCategory> categories = [];
        foreach (EvaluationDataset dataset in datasets)
        {
            EvaluationFeatures features = FeatureFolder.Read(chosen.First(folder => folder.Category == dataset.Category).Folder, dataset);
            categories.Add(new PreparedCategory(new EvaluationRunner(dataset, features, evaluation), [], features.Captions.Count > 0));
        }

        SourceManifest source = new() { Features = [.. chosen.Select(folder => Path.GetFullPath(folder.Folder))] };
        return new PreparedRun(categories, source, clock.Elapsed.TotalSeconds);
    }

    // A folder of folders holds those of other data sets and splits, too; a folder that is named itself must fit.
    private static List<(string Folder, string? Category)> Choose(DatasetOptions options, IReadOnlyList<DirectoryInfo> folders, ParseResult arguments)
    {
        (string name, string split, IReadOnlyList<string> wanted) = (options.Name(arguments), options.Split(arguments), options.Categories(arguments));
        List<(string Folder, string? Category)> chosen = [];
        foreach (DirectoryInfo folder in folders)
        {
            bool isOne = File.Exists(Path.Combine(folder.FullName, FeatureFolder.ManifestFile)) || !folder.Exists;
            IEnumerable<string> candidates = isOne
                ? [folder.ToString()]
                : Directory.EnumerateDirectories(folder.ToString())
                    .Where(path => File.Exists(Path.Combine(path, FeatureFolder.ManifestFile)) && FeatureFolder.Describe(path) is var found && found.Dataset == name && (found.Split == split || name == "circo"))
                    .Order(StringComparer.Ordinal);
            chosen.AddRange(candidates
                .Select(path => (path, FeatureFolder.Describe(path).Category))
                .Where(found => wanted.Count == 0 || found.Category is null || isOne || wanted.Contains(found.Category)));
        }

        if (chosen.Count == 0)
        {
            throw new InvalidDatasetException($"'{string.Join("', '", folders)}' holds no features of {name} {split}; expected folders with '{FeatureFolder.ManifestFile}'.");
        }

        if (wanted.FirstOrDefault(category => chosen.All(found => found.Category != category)) is { } missing)
        {
            throw new InvalidDatasetException($"The category '{missing}' was asked for, but the features are for {string.Join(", ", chosen.Select(found => $"'{found.Category}'"))}.");
        }

        return chosen;
    }
}
