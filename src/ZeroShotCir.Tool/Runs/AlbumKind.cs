using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Onnx;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The album's queries of one kind, ready to be evaluated.</summary>
/// <param name="Title">What is asked, such as <c>a reference and a change</c>.</param>
/// <param name="Model">The album's model.</param>
/// <param name="Run">The encoded queries.</param>
/// <param name="Questions">The queries for people, in the order of the run's.</param>
/// <param name="Common">The setting that strategies vary.</param>
internal sealed record AlbumKind(string Title, OnnxModelFolder Model, PreparedRun Run, IReadOnlyList<AlbumQuestion> Questions, EvaluationSetting Common)
{
    /// <summary>Every strategy of the table on these queries.</summary>
    public MeasuredComparison Measure(CancellationToken cancellationToken)
    {
        ComparisonTask task = new(Title, [Run.Categories[0].Dataset], "", [null]);
        IReadOnlyList<EvaluationSetting> alone = Sweep.Grid(Common, [Common.Alpha], [0], [.. StrategyTable.All.Select(row => row.Create())]);
        IReadOnlyList<EvaluationSetting> settings = Run.HasCaptions ? [.. alone, Common with { Beta = EvaluationDefaults.Beta }] : alone;
        CandidateMeasurement measurement = new(task, _ => settings, new EvaluationOptions())
        {
            CacheFolder = null,
            Recipe = null,
            Composition = null,
            CommonOptions = "",
            Restrict = (run, _) => run,
            ListsWhatLacks = true,
        };
        return measurement.Measure(Model.Path, Model, null, Run, cancellationToken);
    }
}
