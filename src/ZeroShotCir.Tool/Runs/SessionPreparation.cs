using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Reads or encodes the turns of sessions and the images that they search.</summary>
internal static class SessionPreparation
{
    /// <summary>Does what the options of a command ask for; a category is a subset.</summary>
    public static async Task<PreparedRun> FromOptionsAsync(
        DatasetOptions dataset,
        SourceOptions source,
        IReadOnlyCollection<CompositionStrategy> fusions,
        IReadOnlyList<SessionDataset> sessions,
        EncoderSource? opened,
        ParseResult arguments,
        IReporter reporter,
        CancellationToken cancellationToken)
        => source.Model.IsGiven(arguments)
            ? await RunPreparation.FromOptionsAsync(
                dataset, source, opened, [.. sessions.Select(subset => subset.Turns)], fusions, arguments, reporter, cancellationToken)
            : dataset.HasOwnSessions(arguments) ? FromOwnFeatures(source, sessions[0], arguments)
            : FromFeatures(dataset.ReplayOptions!, source, sessions, arguments);

    // The folder has a text for each query of the data set; turns stand in another order, and some queries are none.
    private static PreparedRun FromOwnFeatures(SourceOptions source, SessionDataset sessions, ParseResult arguments)
    {
        Stopwatch clock = Stopwatch.StartNew();
        string folder = source.Features(arguments)[0].ToString();
        EvaluationFeatures stored = FeatureFolder.Read(folder, sessions.Origin!);
        EmbeddingMatrix texts = EmbeddingMatrix.FromRows([.. sessions.Positions!.Select(position => stored.Texts[position].ToArray())]);
        EvaluationFeatures features = new(stored.Source, stored.GalleryNames, stored.Images, stored.Captions, stored.WithoutCaptions, texts)
        {
            CaptionCounts = stored.CaptionCounts,
        };
        PreparedCategory category = new(new EvaluationRunner(sessions.Turns, features), [], features.Captions.Count > 0) { Features = features };
        return new PreparedRun([category], new SourceManifest { Features = [Path.GetFullPath(folder)] }, new EncodingEffort(clock.Elapsed.TotalSeconds, 0, 0));
    }

    private static PreparedRun FromFeatures(ReplayOptions options, SourceOptions source, IReadOnlyList<SessionDataset> sessions, ParseResult arguments)
    {
        Stopwatch clock = Stopwatch.StartNew();
        string images = options.GalleryFeatures(arguments)?.ToString()
            ?? throw new BadUsageException("--features has the texts of sessions; give --gallery-features DIR with the embeddings of the images that they search.");
        string[] folders = [.. source.Features(arguments).SelectMany(folder => FoldersIn(folder.ToString()))];
        List<PreparedCategory> categories = [];
        List<string> read = [];
        foreach (SessionDataset dataset in sessions)
        {
            string folder = folders.FirstOrDefault(path => SessionFeatureFolder.SubsetOf(path) == dataset.Subset)
                ?? throw new InvalidDatasetException(
                    $"'{string.Join("', '", source.Features(arguments))}' holds no features of {dataset.Name} {dataset.Subset}; "
                    + $"expected a folder with '{FeatureFolder.ManifestFile}' for it.");
            string gallery = SessionFeatureFolder.GalleryOf(folder) is { } name && Directory.Exists(Path.Combine(images, name)) ? Path.Combine(images, name) : images;
            EvaluationFeatures features = SessionFeatureFolder.Read(folder, gallery, options.Gallery(arguments, dataset.Subset), dataset);
            categories.Add(new PreparedCategory(new EvaluationRunner(dataset.Turns, features), [], features.Captions.Count > 0) { Features = features });
            read.AddRange([Path.GetFullPath(folder), Path.GetFullPath(gallery)]);
        }

        return new PreparedRun(categories, new SourceManifest { Features = read }, new EncodingEffort(clock.Elapsed.TotalSeconds, 0, 0));
    }

    private static IEnumerable<string> FoldersIn(string folder) => File.Exists(Path.Combine(folder, FeatureFolder.ManifestFile)) || !Directory.Exists(folder)
        ? [folder]
        : Directory.EnumerateDirectories(folder).Where(path => File.Exists(Path.Combine(path, FeatureFolder.ManifestFile))).Order(StringComparer.Ordinal);
}
