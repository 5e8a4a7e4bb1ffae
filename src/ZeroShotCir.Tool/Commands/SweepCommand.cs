using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir sweep</c>: every α with every β, and several fusions if asked for.</summary>
internal sealed class SweepCommand : ToolCommand
{
    private readonly DatasetOptions _dataset;
    private readonly SourceOptions _source;
    private readonly SettingOptions _setting;
    private readonly Option<string> _alphas = ToolOptions.Range("--alphas", "The weights of the text.");
    private readonly Option<string> _betas = ToolOptions.Range("--betas", "The weights of the captions.");
    private readonly Option<string[]> _fusions = FusionOption.Several("The fusions to sweep over", CompositionStrategy.Weighted.ToString());

    private readonly Option<string?> _metric = new("--metric") { Description = "The metric of the heatmaps; without it, R@10.", HelpName = "NAME" };
    private readonly Option<FileInfo?> _csv = new("--csv") { Description = "Also write one line per category and grid point.", HelpName = "FILE.csv" };
    private readonly Option<FileInfo?> _png = new("--png") { Description = "Also draw the heatmap.", HelpName = "FILE.png" };
    private readonly Option<FileInfo?> _report = new("--report") { Description = "Also write an HTML report with the heatmaps.", HelpName = "FILE.html" };

    public SweepCommand()
        : base(
            "sweep",
            "Evaluate a grid of α and β at once.",
            "cir sweep --dataset cirr --root CIRR --model models/clip --captions captions.json --alphas 0:1:0.05 --betas 0:1:0.05 --png heatmap.png")
    {
        _dataset = new DatasetOptions(this);
        _source = new SourceOptions(this);
        Add(_alphas);
        Add(_betas);
        _setting = new SettingOptions(this, hasFusion: false);
        Add(_fusions);
        Add(_metric);
        Add(_csv);
        Add(_png);
        Add(_report);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        IReadOnlyList<double> alphas = Sweep.ParseRange(arguments.GetRequiredValue(_alphas));
        IReadOnlyList<double> betas = Sweep.ParseRange(arguments.GetRequiredValue(_betas));
        CompositionStrategy[] fusions = [.. arguments.GetRequiredValue(_fusions).Select(FusionOption.Parse)];
        FusionOption.ThrowIfWeightless(arguments, _alphas, fusions);
        PreparedRun run = await RunPreparation.FromOptionsAsync(_dataset, _source, fusions, arguments, terminal, cancellationToken);
        if (!run.HasCaptions && !arguments.GetResult(_betas)!.Implicit && betas.Any(beta => beta > 0))
        {
            throw new BadUsageException("--betas above 0 need captions; give --captions FILE, or --betas 0.");
        }

        IReadOnlyList<EvaluationSetting> settings = Sweep.Grid(_setting.Read(arguments, alphas[0], 0), alphas, run.HasCaptions ? betas : [0], fusions);
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<EvaluationResult> results = await terminal.TrackAsync(
            "grid", Permille.Whole, progress => Task.FromResult(run.Evaluate(settings, new Permille(progress), cancellationToken)));
        double seconds = clock.Elapsed.TotalSeconds;
        RunManifest manifest = run.Manifest(CommandLineOf(arguments), _dataset.Root(arguments), SettingManifest.From(settings), seconds);

        string metric = arguments.GetValue(_metric) ?? "R@10";
        IReadOnlyList<Heatmap> maps = SweepHeatmaps.Create(results, metric);
        foreach (Heatmap map in maps.Chunk(maps.Count / fusions.Length).Select(ofOneFusion => ofOneFusion[^1]))
        {
            terminal.Out.Write(HeatmapGrid.Create(map));
            int best = map.Values.ToList().IndexOf(map.Values.Max());
            terminal.Out.MarkupLineInterpolated($"highest {map.Values[best]:0.0} at α {map.Alphas[best / map.Betas.Count]:0.##}, β {map.Betas[best % map.Betas.Count]:0.##}");
        }

        terminal.Out.MarkupLineInterpolated($"{settings.Count:N0} settings × {run.Categories.Count} in {seconds:0.00} s");
        terminal.Coverage(manifest.Coverage);
        WriteFiles(arguments, terminal, results, maps, manifest);
        return ToolResult.From(new SweepDocument(manifest, [.. results.Select(result => ResultDocument.From(result))], seconds), json => json.SweepDocument);
    }

    private void WriteFiles(ParseResult arguments, Terminal terminal, IReadOnlyList<EvaluationResult> results, IReadOnlyList<Heatmap> maps, RunManifest manifest)
    {
        if (arguments.GetValue(_csv) is { } csv)
        {
            WriteCsv(results, csv);
            terminal.Out.MarkupLineInterpolated($"csv  {csv.FullName}");
        }

        if (arguments.GetValue(_png) is { } png)
        {
            using HeatmapPng drawing = new();
            drawing.Write(maps[^1], png);
            terminal.Out.MarkupLineInterpolated($"png  {png.FullName}");
        }

        if (arguments.GetValue(_report) is { } report)
        {
            string title = $"{DatasetReader.TitleOf(manifest.Dataset)} {manifest.Split}";
            EvaluationReport page = new($"{title}: α × β")
            {
                Summary = FormattableString.Invariant($"{results.Count:N0} figures, computed in {manifest.Timings.EvaluateSeconds:0.00} seconds."),
            };
            foreach (Heatmap map in maps)
            {
                page.Add(map);
            }

            ManifestFacts.AddTo(page, manifest, title);
            page.Write(report.FullName, new SkiaImageShrinker(new SkiaImageDecoder(), quality: 80));
            terminal.Out.MarkupLineInterpolated($"report  {report.FullName}");
        }
    }

    private static void WriteCsv(IReadOnlyList<EvaluationResult> results, FileInfo file)
    {
        file.Directory?.Create();
        using StreamWriter writer = new(file.FullName);
        writer.WriteLine($"dataset,category,queries,gallery,fusion,scoring,normalize_inputs,alpha,beta,{string.Join(',', results[0].Metrics.Keys)}");
        foreach (EvaluationResult result in results)
        {
            EvaluationSetting setting = result.Setting;

            IEnumerable<object?> cells =
            [
                result.Dataset, result.Category, result.Queries, result.Gallery,
                $"\"{setting.Fusion}\"", // A fusion's parameters hold commas.
                ScoringName.For(setting.Scoring), setting.NormalizeInputs ? "true" : "false", setting.Alpha, setting.Beta,
                .. result.Metrics.Values.Cast<object>(),
            ];
            writer.WriteLine(string.Join(',', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))));
        }
    }
}
