using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Metrics;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir tune</c>: chooses α, β and fusion on one data set, says what the choice is worth, and what of it holds on a second.</summary>
internal sealed class TuneCommand : ToolCommand
{
    private readonly DatasetOptions _dataset;
    private readonly SourceOptions _source;
    private readonly SettingOptions _setting;
    private readonly Option<string> _alphas = new("--alphas")
    {
        Description = "The weights of the text to choose from: from:to:step, or a list.",
        HelpName = "RANGE",
        DefaultValueFactory = _ => "0:1:0.1",
    };

    private readonly Option<string> _betas = new("--betas")
    {
        Description = "The weights of the captions to choose from.",
        HelpName = "RANGE",
        DefaultValueFactory = _ => "0:0.5:0.1",
    };

    private readonly Option<string[]> _fusions = FusionOption.Several("The fusions to choose from", CompositionStrategy.Weighted.ToString(), "slerp", "late-cdf", "product");
    private readonly Option<string> _metric = new("--metric") { Description = "What is to be as large as possible.", HelpName = "NAME", DefaultValueFactory = _ => "R@10" };
    private readonly Option<int> _folds = ToolOptions.Count("--folds", 5, "In how many parts the queries are divided, each judged by what the others chose.");
    private readonly Option<string?> _secondDataset = new("--second-dataset")
    {
        Description = "A second data set that the choice is tried on; without it, the first one.",
        HelpName = string.Join('|', DatasetReader.Names),
    };

    private readonly Option<DirectoryInfo?> _secondRoot = new("--second-root")
    {
        Description = "The folder of the second data set; without it, the first one's, for another split.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _secondSplit = new("--second-split") { Description = "The split that the choice is tried on.", HelpName = "NAME" };
    private readonly Option<FileInfo?> _secondCaptions = new("--second-captions")
    {
        Description = "Captions of the second data set's images; without it, those of the first.",
        HelpName = "FILE",
    };

    public TuneCommand()
        : base(
            "tune",
            "Choose α, β and fusion on one data set, and say what that is worth.",
            "cir tune --dataset cirr --root CIRR --model models/clip --captions captions.json "
            + "--second-dataset fashioniq --second-root FashionIQ --second-captions fiq.json")
    {
        _secondDataset.AcceptOnlyFromAmong([.. DatasetReader.Names]);
        _dataset = new DatasetOptions(this);
        _source = new SourceOptions(this);
        _setting = new SettingOptions(this, hasFusion: false);
        foreach (Option option in (Option[])[_fusions, _alphas, _betas, _metric, _folds, _secondDataset, _secondRoot, _secondSplit, _secondCaptions])
        {
            Add(option);
        }
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        CompositionStrategy[] fusions = [.. arguments.GetRequiredValue(_fusions).Select(FusionOption.Parse)];
        using EncoderSource? model = HasSecond(arguments) ? _source.Model.OpenEncoders(arguments) : null;
        PreparedRun run = await RunPreparation.FromOptionsAsync(_dataset, _source, model, null, fusions, arguments, terminal, cancellationToken);
        EvaluationSetting baseline = _setting.Read(arguments, EvaluationDefaults.Alpha, run.HasCaptions ? EvaluationDefaults.Beta : 0);
        IReadOnlyList<EvaluationSetting> candidates = Sweep.Grid(
            baseline, Sweep.ParseRange(arguments.GetRequiredValue(_alphas)), run.HasCaptions ? Sweep.ParseRange(arguments.GetRequiredValue(_betas)) : [0], fusions);
        IRetrievalMetric metric = Metric(arguments, run.Categories[0].Dataset.Name);
        PreparedRun? second = model is null ? null : await SecondAsync(arguments, model, fusions, terminal, cancellationToken);
        terminal.NoteIfAny(Spending.Describe(model));
        Stopwatch clock = Stopwatch.StartNew();
        Tuning tuning = await terminal.TrackAsync(
            "choosing", Permille.Whole, progress => Task.FromResult(Choose(arguments, run, candidates, baseline, metric, progress, cancellationToken)));
        SecondSplitDocument? tried = second is null ? null : Try(second, tuning.Chosen, baseline, metric, cancellationToken);
        CompositionGap gap = MeasuredHalves.Measure(run.Runners, [tuning.Chosen], cancellationToken)
            .GapOf(tuning.Chosen, [.. run.Runners.Select(runner => runner.Evaluate(tuning.Chosen, cancellationToken))]);
        Show(terminal, metric, candidates.Count, tuning, gap, tried);
        RunManifest manifest = run.WithUsageOf(model).Manifest(CommandLineOf(arguments), _dataset.Root(arguments), SettingManifest.From(candidates), clock.Elapsed.TotalSeconds);
        return ToolResult.From(
            new TuneDocument(
                manifest,
                metric.Name,
                candidates.Count,
                TunedSetting.From(tuning.Chosen),
                tuning.OnSameQueries,
                tuning.Nested,
                tuning.Baseline,
                tuning.Gain,
                [.. tuning.ChosenByFolds.Select(TunedSetting.From)])
            {
                CompositionGap = GapDocument.From(gap),
                Second = tried,
            },
            json => json.TuneDocument);
    }

    private Tuning Choose(
        ParseResult arguments,
        PreparedRun run,
        IReadOnlyList<EvaluationSetting> candidates,
        EvaluationSetting baseline,
        IRetrievalMetric metric,
        IProgress<int> progress,
        CancellationToken cancellationToken)
    {
        TuningOptions options = new() { Folds = Math.Max(2, arguments.GetValue(_folds)) };
        try
        {
            return Tuning.Choose(run.Runners, candidates, baseline, metric, options, new Permille(progress), cancellationToken);
        }
        catch (ArgumentException e) when (e.ParamName == "options")
        {
            throw new BadUsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
    }

    private IRetrievalMetric Metric(ParseResult arguments, string dataset)
    {
        IRetrievalMetric[] known = [.. RetrievalProtocol.MetricsOf(dataset).Where(metric => metric is not MedianRank)];
        string name = arguments.GetRequiredValue(_metric);
        return known.FirstOrDefault(metric => metric.Name == name)
            ?? throw new BadUsageException($"--metric '{name}' is not one that can be chosen by; known are {string.Join(", ", known.Select(metric => metric.Name))}.");
    }

    private bool HasSecond(ParseResult arguments)
    {
        bool hasSecond = ((Option[])[_secondDataset, _secondRoot, _secondSplit]).Any(option => arguments.GetResult(option) is { Implicit: false });
        return hasSecond && !_source.Model.IsGiven(arguments)
            ? throw new BadUsageException("A second data set is encoded by the same model; give --model instead of --features.")
            : hasSecond;
    }

    private async Task<PreparedRun> SecondAsync(
        ParseResult arguments, EncoderSource model, CompositionStrategy[] fusions, Terminal terminal, CancellationToken cancellationToken)
    {
        string name = arguments.GetValue(_secondDataset) ?? _dataset.Name(arguments);
        IReadOnlyList<EvaluationDataset> datasets = DatasetReader.Read(
            name, arguments.GetValue(_secondRoot)?.ToString() ?? _dataset.Root(arguments), arguments.GetValue(_secondSplit) ?? "val");
        return await terminal.TrackAsync("encoding the second", EncodingTracker.Steps(datasets), progress => RunPreparation.FromModelAsync(
            datasets,
            model,
            _source.Recipe(arguments) is { } asked ? DatasetRecipe.Parse(asked, name) : DatasetRecipe.DefaultOf(name),
            arguments.GetValue(_secondCaptions) ?? _source.Captions(arguments),
            null,
            _source.Cache(arguments),
            fusions.Any(FusionOption.ReadsTogether),
            new EvaluationOptions { AllowMissing = _source.AllowMissing(arguments), Projection = _source.Projection(arguments) },
            new EncodingTracker(progress),
            cancellationToken));
    }

    private static SecondSplitDocument Try(PreparedRun run, EvaluationSetting chosen, EvaluationSetting baseline, IRetrievalMetric metric, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<EvaluationResult>> results = [.. run.Categories.Select(category => category.Runner.Evaluate([chosen, baseline], null, cancellationToken))];
        EvaluationResult[] ofChosen = [.. results.Select(of => of[0])], ofBaseline = [.. results.Select(of => of[1])];
        PairedComparison gain = MetricStatistics.Compare(ofBaseline, ofChosen, metric);
        string verdict = gain.Difference switch
        {
            { Lower: > 0 } => "generalises: better there, too",
            { Upper: < 0 } => "does not generalise: worse there",
            _ => "no difference that these queries can show",
        };
        return new SecondSplitDocument(run.Categories[0].Dataset.Label, MetricStatistics.Estimate(ofChosen, metric), MetricStatistics.Estimate(ofBaseline, metric), gain, verdict);
    }

    private static void Show(Terminal terminal, IRetrievalMetric metric, int candidates, Tuning tuning, CompositionGap gap, SecondSplitDocument? second)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (string column in (string[])[metric.Name, "95 %"])
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }

        void Row(string what, ConfidenceInterval figure) => table.AddRow(Terminal.Escape(what), Number(figure.Estimate), $"{Number(figure.Lower)}–{Number(figure.Upper)}");
        Row($"without choosing (weighted, α {EvaluationDefaults.Alpha.ToString(CultureInfo.InvariantCulture)})", tuning.Baseline);
        Row("chosen, judged by the same queries", tuning.OnSameQueries);
        Row("choosing, judged by other queries (nested)", tuning.Nested);
        Row("gain of choosing (nested)", tuning.Gain);
        Row($"composition gap of the chosen, R@10{(gap.IsWithinNoise ? " (within noise)" : "")}", gap.Gap);
        if (second is not null)
        {
            Row($"{second.Dataset}: without choosing", second.Baseline);
            Row($"{second.Dataset}: chosen", second.Chosen);
            Row($"{second.Dataset}: gain", second.Gain.Difference);
        }

        terminal.Out.MarkupLineInterpolated($"chosen of {candidates:N0}: [bold]{NameOf(tuning.Chosen)}[/]");
        IEnumerable<IGrouping<string, EvaluationSetting>> parts = tuning.ChosenByFolds.GroupBy(NameOf).OrderByDescending(group => group.Count());
        terminal.Out.MarkupLineInterpolated($"by parts: {string.Join("; ", parts.Select(group => $"{group.Key} ({group.Count()})"))}");
        terminal.Out.Write(table);
        string worth = tuning.Gain switch
        {
            { Lower: > 0 } => "choosing pays on these queries",
            { Upper: < 0 } => "choosing does harm on these queries",
            _ => "these queries do not show that choosing pays",
        };
        terminal.Out.MarkupLineInterpolated($"{worth}{(second is null ? "" : $"; on {second.Dataset}: {second.Verdict}")}");
    }

    private static string NameOf(EvaluationSetting setting)
        => string.Create(CultureInfo.InvariantCulture, $"{setting.Fusion}{(setting.Fusion.Definition.UsesAlpha ? $" α {setting.Alpha:0.##}" : "")} β {setting.Beta:0.##}");

    private static string Number(double value) => value.ToString("0.0##", CultureInfo.InvariantCulture);
}
