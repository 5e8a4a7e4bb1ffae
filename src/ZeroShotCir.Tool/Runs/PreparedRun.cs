using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Everything that an evaluation needs, and where it came from.</summary>
/// <param name="Categories">One or several, all of one data set.</param>
/// <param name="Source">Where the embeddings came from.</param>
/// <param name="Effort">What it took to have them.</param>
internal sealed record PreparedRun(IReadOnlyList<PreparedCategory> Categories, SourceManifest Source, EncodingEffort Effort)
{
    public bool HasCaptions => Categories.All(category => category.HasCaptions);

    /// <summary>What evaluates each category.</summary>
    public IReadOnlyList<EvaluationRunner> Runners => [.. Categories.Select(category => category.Runner)];

    /// <summary>How much of each category is evaluated.</summary>
    public IReadOnlyList<CoverageManifest> Coverage => [.. Categories.Select(category => category.Coverage)];

    /// <summary>One sentence for every image that is left out, or for the folder that explains many.</summary>
    public IReadOnlyList<string> Problems => [.. Categories.SelectMany(category => category.ProblemSentences)];

    /// <summary>The same run, with all that a service has been asked until now; a run of other sources as it is.</summary>
    public PreparedRun WithUsageOf(EncoderSource? model) => model?.Usage is { } usage ? this with { Source = Source with { Usage = usage } } : this;

    /// <summary>What one needs to get the figures of the run again.</summary>
    public RunManifest Manifest(string command, string root, SettingManifest setting, double evaluateSeconds) => new()
    {
        Command = command,
        Source = Source,
        Dataset = Categories[0].Dataset.Name,
        Split = Categories[0].Dataset.Split,
        Root = Path.GetFullPath(root),
        Coverage = Coverage,
        Setting = setting,
        Timings = new TimingsManifest(Effort.Seconds, evaluateSeconds, Effort.Images, Effort.Texts),
    };

    /// <summary>Evaluates settings on every category; for each setting its categories, then their average where there are several.</summary>
    public IReadOnlyList<EvaluationResult> Evaluate(IReadOnlyList<EvaluationSetting> settings, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<EvaluationResult>> byCategory = [];
        foreach (PreparedCategory category in Categories)
        {
            int done = byCategory.Count;
            byCategory.Add(category.Runner.Evaluate(
                settings, progress is null ? null : new Share(progress, done, Categories.Count), cancellationToken));
        }

        List<EvaluationResult> results = [];
        for (int setting = 0; setting < settings.Count; setting++)
        {
            EvaluationResult[] ofSetting = [.. byCategory.Select(list => list[setting])];
            results.AddRange(ofSetting);
            if (ofSetting.Length > 1)
            {
                results.Add(EvaluationResult.Average(ofSetting));
            }
        }

        return results;
    }

    private sealed class Share(IProgress<double> whole, int done, int count) : IProgress<double>
    {
        public void Report(double value) => whole.Report((done + value) / count);
    }
}
