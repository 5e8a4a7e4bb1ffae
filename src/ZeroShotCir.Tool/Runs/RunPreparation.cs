using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Recipes;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Reads or encodes what is evaluated.</summary>
internal static class RunPreparation
{
    /// <summary>Does what the options of a command ask for.</summary>
    public static Task<PreparedRun> FromOptionsAsync(
        DatasetOptions dataset,
        SourceOptions source,
        IReadOnlyCollection<CompositionStrategy> fusions,
        ParseResult arguments,
        IReporter reporter,
        CancellationToken cancellationToken)
        => FromOptionsAsync(dataset, source, null, null, fusions, arguments, reporter, cancellationToken);

    /// <summary>The same with what was opened or read already.</summary>
    /// <param name="dataset">What is evaluated.</param>
    /// <param name="source">Where embeddings come from.</param>
    /// <param name="opened">The model of the options, which stays the caller's to dispose and to tell what it took; <see langword="null"/> to open it here.</param>
    /// <param name="read">The data sets of the options; <see langword="null"/> to read them here.</param>
    /// <param name="fusions">What composes.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="reporter">Told how far it has come, and what is left out.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<PreparedRun> FromOptionsAsync(
        DatasetOptions dataset,
        SourceOptions source,
        EncoderSource? opened,
        IReadOnlyList<EvaluationDataset>? read,
        IReadOnlyCollection<CompositionStrategy> fusions,
        ParseResult arguments,
        IReporter reporter,
        CancellationToken cancellationToken)
    {
        EvaluationOptions options = new() { AllowMissing = source.AllowMissing(arguments), Projection = source.Projection(arguments) };
        FileInfo? composition = source.Composition(arguments, fusions);
        if (!source.Model.IsGiven(arguments))
        {
            return FromFeatures(dataset, source.Features(arguments), options, arguments);
        }

        using EncoderSource? own = opened is null ? source.Model.OpenEncoders(arguments) : null;
        EncoderSource model = opened ?? own!;
        FusionOption.ThrowIfApart(model, fusions);
        string name = dataset.Name(arguments);
        ITextRecipe recipe = source.Recipe(arguments) is { } asked ? DatasetRecipe.Parse(asked, name) : DatasetRecipe.DefaultOf(name);
        IReadOnlyList<EvaluationDataset> datasets = read ?? dataset.Read(arguments);
        PreparedRun run = await reporter.TrackAsync(
            "encoding",
            EncodingTracker.Steps(datasets),
            progress => FromModelAsync(
                datasets,
                model,
                recipe,
                source.Captions(arguments),
                composition,
                source.Cache(arguments),
                fusions.Any(FusionOption.ReadsTogether),
                options,
                new EncodingTracker(progress),
                cancellationToken));
        foreach (string problem in run.Problems)
        {
            reporter.Warn(problem);
        }

        if (Spending.Describe(own) is { } spent)
        {
            reporter.Note(spent);
        }

        return run;
    }

    /// <summary>Encodes categories of a data set by a model, which stays the caller's to dispose.</summary>
    public static async Task<PreparedRun> FromModelAsync(
        IReadOnlyList<EvaluationDataset> datasets,
        EncoderSource model,
        ITextRecipe recipe,
        FileInfo? captionFile,
        FileInfo? compositionFile,
        string? cacheFolder,
        bool composes,
        EvaluationOptions options,
        EncodingTracker tracker,
        CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        ModelEncoding encoding = new(model, recipe, cacheFolder, composes);
        PreparedRun run = await encoding.EncodeAsync(datasets, captionFile, compositionFile, options, tracker, cancellationToken);
        return run with { Effort = run.Effort with { Seconds = clock.Elapsed.TotalSeconds } };
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
        return new PreparedRun(categories, source, new EncodingEffort(clock.Elapsed.TotalSeconds, 0, 0));
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
                    .Where(path => File.Exists(Path.Combine(path, FeatureFolder.ManifestFile)))
                    .Where(path => FeatureFolder.Describe(path) is var found && found.Dataset == name && (found.Split == split || name == "circo"))
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
            string there = string.Join(", ", chosen.Select(found => $"'{found.Category}'"));
            throw new InvalidDatasetException($"The category '{missing}' was asked for, but the features are for {there}.");
        }

        return chosen;
    }
}
