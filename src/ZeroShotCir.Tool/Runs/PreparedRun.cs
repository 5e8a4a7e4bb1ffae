using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Everything that an evaluation needs, and where it came from.</summary>
/// <param name="Categories">One or several, all of one data set.</param>
/// <param name="Source">Where the embeddings came from.</param>
/// <param name="Effort">What it took to have them.</param>
internal sealed record PreparedRun(IReadOnlyList<PreparedCategory> Categories, SourceManifest Source, EncodingEffort Effort)
{
    public bool HasCaptions => Categories.All(category => category.HasCaptions);

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
