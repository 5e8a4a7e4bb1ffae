using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Evaluation.Submissions;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir eval</c>: one setting on a benchmark, by its protocol.</summary>
internal sealed class EvalCommand : ToolCommand
{
    private static readonly string[] OfSingleQueries = ["--labels", "--save-labels", "--missing-captions", "--missing-evidence", "--projection"];

    private readonly DatasetOptions _dataset;
    private readonly SourceOptions _source;
    private readonly SettingOptions _setting;
    private readonly VerifierOptions _verifier;
    private readonly LabelOptions _labels;
    private readonly Option<double> _alpha = ToolOptions.Weight("--alpha", EvaluationDefaults.Alpha, "The weight of the text against the reference image.");
    private readonly Option<double?> _beta = ToolOptions.OptionalWeight("--beta", "The weight of captions against images; without it, 0.1 where there are captions.");
    private readonly Option<FileInfo?> _report = new("--report") { Description = "Also write an HTML report.", HelpName = "FILE.html" };
    private readonly Option<int> _reportQueries = ToolOptions.Count("--report-queries", 100, "How many queries of each category the report shows.");
    private readonly Option<DirectoryInfo?> _submission = new("--submission") { Description = "Also write what the test server of CIRR or CIRCO takes.", HelpName = "DIR" };

    public EvalCommand()
        : base(
            "eval",
            "Evaluate one setting on a benchmark, by its protocol.",
            "cir eval --dataset fashioniq --root FashionIQ --model models/clip --captions captions.json --report report.html")
    {
        _dataset = new DatasetOptions(this, hasSessions: true, replays: true);
        _source = new SourceOptions(this);
        Add(_alpha);
        Add(_beta);
        _setting = new SettingOptions(this);
        Add(_report);
        Add(_reportQueries);
        Add(_submission);
        _verifier = new VerifierOptions(this, new ChatModelOptions(this));
        _labels = new LabelOptions(this);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        FusionOption.ThrowIfWeightless(arguments, _alpha, [_setting.Fusion(arguments)]);
        bool verifies = _verifier.Read(arguments) is not null;
        if (_dataset.HasSessions(arguments))
        {
            ThrowIfNotForSessions(arguments, verifies);
            return await new SessionReplay(_dataset, _source).RunAsync(
                _setting.Read(arguments, arguments.GetValue(_alpha), beta: 0), arguments.GetValue(_beta), CommandLineOf(arguments), arguments, terminal, cancellationToken);
        }

        PreparedRun run = await RunPreparation.FromOptionsAsync(_dataset, _source, [_setting.Fusion(arguments)], arguments, terminal, cancellationToken);
        EvaluationSetting setting = _setting.Read(arguments, arguments.GetValue(_alpha), arguments.GetValue(_beta) ?? (run.HasCaptions ? EvaluationDefaults.Beta : 0));
        Stopwatch clock = Stopwatch.StartNew();
        bool hasTargets = run.Categories.All(category => category.Dataset.HasTargets);
        if (!hasTargets && arguments.GetValue(_submission) is null)
        {
            throw new BadUsageException(
                $"The targets of {run.Categories[0].Dataset.Label} are not published, so nothing can be measured; give --submission DIR to write what its server takes.");
        }

        QueryLabels? labels = hasTargets ? _labels.Measure(arguments, run.Runners, setting, run.HasCaptions, cancellationToken) : null;
        if (labels is not null)
        {
            run = run with { Categories = [.. run.Categories.Select(category => category with { Runner = _labels.Filter(arguments, labels, category.Runner, [setting]) })] };
        }

        IReadOnlyList<EvaluationResult> results = hasTargets ? run.Evaluate([setting], null, cancellationToken) : [];
        IReadOnlyList<CompositionGap> gaps = Gaps.Measure(run, results, cancellationToken);
        double seconds = clock.Elapsed.TotalSeconds;
        IReadOnlyList<IReadOnlyDictionary<string, ConfidenceInterval>> intervals = ResultIntervals.Estimate(run, results);
        RunManifest manifest = run.Manifest(CommandLineOf(arguments), _dataset.Root(arguments), SettingManifest.From([setting]), seconds);
        if (hasTargets)
        {
            terminal.Out.Write(ResultTable.Create(results, intervals, gaps));
            terminal.Coverage(manifest.Coverage);
        }

        if (verifies && !hasTargets)
        {
            throw new BadUsageException($"--verifier measures, but the targets of {run.Categories[0].Dataset.Label} are not published.");
        }

        VerificationEstimate? estimate = Verification.Estimate(run, setting, _verifier, _source.Model.Pictures, arguments, cancellationToken);
        VerificationScreen.Write(terminal, estimate);
        VerifiedResults? verified = estimate is not null
            ? null
            : await Verification.RunAsync(run, setting, _verifier, _source.Model.Pictures, arguments, terminal, cancellationToken);
        if (verified is not null)
        {
            VerificationScreen.Write(terminal, verified.Effort);
            terminal.NoteIfAny(Spending.Describe(verified.Effort.Verifier, verified.Effort.Usage));
            terminal.Out.Write(ResultTable.Create(verified.Results, verified.Intervals, []));
        }

        if (arguments.GetValue(_submission) is { } submission)
        {
            WriteSubmission(run, setting, submission, terminal, cancellationToken);
        }

        if (hasTargets && arguments.GetValue(_report) is { } report)
        {
            WriteReport(run, setting, manifest, report, arguments.GetValue(_reportQueries), cancellationToken);
            terminal.Out.MarkupLineInterpolated($"report  {report.FullName}");
        }

        return ToolResult.From(
            new EvaluationDocument(manifest, [.. results.Select((result, i) => ResultDocument.From(result, intervals[i]) with { CompositionGap = GapDocument.From(gaps[i]) })])
            {
                Verification = verified is null ? null : VerificationDocument.From(verified),
                Estimate = estimate,
                Labels = labels is null ? null : LabelsDocument.From(labels, _labels.Only(arguments)),
            },
            json => json.EvaluationDocument);
    }

    private void ThrowIfNotForSessions(ParseResult arguments, bool verifies)
    {
        EvaluationSetting setting = _setting.Read(arguments, arguments.GetValue(_alpha), beta: 0);
        string? stray = verifies ? "--verifier"
            : arguments.GetValue(_report) is not null ? "--report"
            : arguments.GetValue(_submission) is not null ? "--submission"
            : _labels.Only(arguments) is not null ? "--only"
            : ScoringName.For(setting.Scoring) != ScoringName.Paper ? "--scoring"
            : !setting.NormalizeInputs ? "--normalize-inputs"
            : OfSingleQueries.FirstOrDefault(name => arguments.GetResult(name) is OptionResult { Implicit: false });
        if (stray is not null)
        {
            throw new BadUsageException($"{stray} is for single queries; sessions are searched as users search them, by the paper's formula. Leave it out.");
        }
    }

    private static void WriteSubmission(PreparedRun run, EvaluationSetting setting, DirectoryInfo folder, Terminal terminal, CancellationToken cancellationToken)
    {
        EvaluationRunner runner = run.Categories[0].Runner;
        IReadOnlyList<QueryRanking> rankings = runner.Rank(setting, CirrSubmission.RecallDepth, cancellationToken);
        folder.Create();
        switch (runner.Dataset.Name)
        {
            case "cirr":
                CirrSubmissionFiles files = CirrSubmission.Write(folder.FullName, runner.Dataset, runner.GalleryNames, rankings);
                terminal.Out.MarkupLineInterpolated($"submission  {files.Recall}");
                terminal.Out.MarkupLineInterpolated($"submission  {files.Subset}");
                break;
            case "circo":
                string path = Path.Combine(folder.FullName, "circo.json");
                CircoSubmission.Write(path, runner.Dataset, runner.GalleryNames, rankings);
                terminal.Out.MarkupLineInterpolated($"submission  {path}");
                break;
            default:
                throw new BadUsageException($"'{runner.Dataset.Name}' has no test server; --submission is for cirr and circo.");
        }
    }

    // A report is for comparing, so the two halves of the query alone stand beside the setting.
    private static void WriteReport(PreparedRun run, EvaluationSetting setting, RunManifest manifest, FileInfo file, int queries, CancellationToken cancellationToken)
    {
        List<NamedSetting> settings =
        [
            new("image only", setting with { Alpha = 0, Beta = 0, Fusion = CompositionStrategy.Weighted }),
            new("text only", setting with { Alpha = 1, Beta = 0, Fusion = CompositionStrategy.Weighted }),
        ];
        if (setting.Beta > 0)
        {
            settings.Add(new NamedSetting("fused", setting with { Beta = 0 }));
        }

        if (FusionOption.ReadsTogether(setting.Fusion))
        {
            string name = setting.Beta > 0 ? "weighted sum of the same model + captions" : "weighted sum of the same model";
            settings.Add(new NamedSetting(name, setting with { Fusion = CompositionStrategy.Weighted }));
        }

        settings.Add(new NamedSetting(setting.Beta > 0 ? "fused + captions" : "fused", setting));
        string title = $"{DatasetReader.TitleOf(manifest.Dataset)} {manifest.Split}";
        MeasuredSettings measured = MeasuredSettings.Measure(title, run.Runners, settings, cancellationToken);
        EvaluationReport report = new(title)
        {
            Summary = FormattableString.Invariant(
                $"{measured.ResultOf(0).Queries:N0} composed queries, a reference picture and a sentence each. {settings[^1].Name}: {settings[^1].Detail}."),
            ShownQueries = queries,
        };
        report.Add(measured);
        report.AddPublished(
            measured,
            run.Source.Model?.Family ?? "stored features",
            PublishedComparison.Caveat);
        ManifestFacts.AddTo(report, manifest, title);
        report.Write(file.FullName, new SkiaImageShrinker(new SkiaImageDecoder(), quality: 80), cancellationToken);
    }
}
