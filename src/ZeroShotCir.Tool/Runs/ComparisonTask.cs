using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tool.Runs;

/// <summary>What is compared on one data set.</summary>
/// <param name="Title">What the data set is called in tables.</param>
/// <param name="Datasets">The data set, or its categories.</param>
/// <param name="Location">The options that name it on a command line.</param>
/// <param name="CaptionSources">The captions to compare; <see langword="null"/> stands for none.</param>
internal sealed record ComparisonTask(string Title, IReadOnlyList<EvaluationDataset> Datasets, string Location, IReadOnlyList<FileInfo?> CaptionSources)
{
    /// <summary>The settings compared with one source of captions: without captions β has nothing to weigh.</summary>
    public static IReadOnlyList<EvaluationSetting> Settings(
        EvaluationSetting common, IReadOnlyList<double> alphas, IReadOnlyList<double> betas, IReadOnlyList<CompositionStrategy> fusions, FileInfo? captions)
        => Sweep.Grid(common, alphas, captions is null ? [0] : betas, fusions);
}
