using System.CommandLine;
using System.CommandLine.Parsing;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Onnx;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir compare</c>: models, sources of captions and fusions side by side on any number of data sets, each tested against the first row.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private static readonly string[] OfOneDataset = ["--composition", "--labels", "--save-labels"];

    private readonly ComparedDatasets _datasets;
    private readonly ComparisonOptions _compared;
    private readonly SettingOptions _setting;
    private readonly LabelOptions _labels;
    private readonly Option<string?> _recipe = RecipeOption.OfDataset();
    private readonly Option<DirectoryInfo?> _cache = new("--cache") { Description = "Remember embeddings in this folder: a second run reads no pixel.", HelpName = "DIR" };
    private readonly Option<bool> _allowMissing = new("--allow-missing") { Description = "Go on without images that are missing or corrupt, and say so in every result." };
    private readonly Option<FileInfo?> _report = new("--report") { Description = "Also write an HTML report.", HelpName = "FILE.html" };

    public CompareCommand()
        : base(
            "compare",
            "Compare models, sources of captions, fusions and weights on one data set or several; without --dataset, on the built-in TinyFashion.",
            "cir compare --dataset cirr --root CIRR --model models/clip-b32 models/siglip --captions none captions.json --fusion weighted slerp\n"
            + "cir compare --dataset cirr circo --root CIRR CIRCO --split val --captions none cirr=cirr.json circo=circo.json --model models/clip --report comparison.html")
    {
        _datasets = new ComparedDatasets(this);
        _compared = new ComparisonOptions(this, arguments => _datasets.Count(arguments) == 0);
        _setting = new SettingOptions(this, hasFusion: false);
        Add(_recipe);
        Add(_cache);
        Add(_allowMissing);
        _labels = new LabelOptions(this);
        Add(_report);
    }

    public override bool KeepsWork => true;

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        if (_datasets.Count(arguments) > 1 && OfOneDataset.FirstOrDefault(name => arguments.GetResult(name) is OptionResult { Implicit: false }) is { } single)
        {
            throw new BadUsageException($"{single} is of one data set; compare on one at a time to use it.");
        }

        IReadOnlyList<ComparisonTask> tasks = Tasks(arguments);
        if (_compared.HasBetas(arguments) && tasks.All(task => task.CaptionSources.All(source => source is null)))
        {
            throw new BadUsageException("--beta weighs captions, but there are none; give --captions FILE.");
        }

        if (_compared.Composition(arguments) is { } composition && !_compared.Fusions(arguments).Any(FusionOption.ReadsTargets))
        {
            throw new BadUsageException($"None of the fusions reads '{composition}'; add --fusion target, or another one that takes a description of the target.");
        }

        if (_compared.IsWeightless(arguments))
        {
            FusionOption.ThrowIfWeightless(arguments, _compared.AlphaOption, [.. _compared.Fusions(arguments).Where(FusionOption.ReadsTogether)]);
        }

        // All are opened before any is run: a mistake in the last should not cost the time of the others.
        IReadOnlyList<(string Folder, OnnxModelFolder Model)> models =
            [.. _compared.Models(arguments).Select(folder => (folder, OnnxModelFolder.Open(folder, _compared.Model.ReadOptions(arguments))))];
        foreach ((_, OnnxModelFolder model) in models.Where(_ => !_compared.HasAll(arguments)))
        {
            FusionOption.ThrowIfApart(EncoderSource.FromFolder(model, () => PictureDecoders.Default), _compared.Fusions(arguments));
        }

        int steps = tasks.Sum(task => models.Count * (1 + task.CaptionSources.Count(source => source is not null)) * EncodingTracker.Steps(task.Datasets));
        List<MeasuredComparison> measured = await terminal.TrackAsync("comparing", steps, async progress =>
        {
            Stages stages = new(progress);
            List<MeasuredComparison> all = [];
            foreach (ComparisonTask task in tasks)
            {
                all.Add(await MeasureAsync(task, models, arguments, () => stages.Next(EncodingTracker.Steps(task.Datasets)), cancellationToken));
            }

            return all;
        });

        bool hasPublished = _datasets.Count(arguments) > 0;
        List<ComparedDataset> compared = [.. tasks.Zip(measured, (task, rows) => Show(terminal, task.Title, task.Datasets[0], rows, hasPublished))];
        if (compared.Count > 1)
        {
            ComparisonScreen.Write(terminal, ComparisonSummary.From(compared));
        }

        IReadOnlyList<ReplayedHistory> histories = [];
        if (_compared.HasAll(arguments) && !hasPublished && !_compared.HasModels(arguments))
        {
            await AlbumFolder.UseAsync(TinyFashion.Album, async folder =>
            {
                AlbumQuestions questions = await AlbumBenchmark.ReadAsync(folder, cancellationToken);
                foreach (AlbumKind kind in questions.Kinds)
                {
                    ComparedDataset shown = Show(terminal, $"Album, {kind.Title}", kind.Run.Categories[0].Dataset, kind.Measure(cancellationToken), hasPublished: false);
                    compared.Add(shown with { IsOfAlbum = true });
                }

                histories = await questions.Sessions.ReplayAsync(cancellationToken);
                terminal.Out.Write(SessionTable.Create(histories));
            }, cancellationToken);
        }

        if (arguments.GetValue(_report) is { } report)
        {
            ReportPage.Write(ComparisonReport.Create(compared, histories, hasPublished, CommandLineOf(arguments)), report);
            terminal.Out.MarkupLineInterpolated($"report  {report.FullName}");
        }

        return ToolResult.From(new CompareDocument(CommandLineOf(arguments), [.. compared.Select(ComparisonDocument.From)])
        {
            Sessions = histories.Count == 0 ? null : [.. histories.Select(row => SessionDocument.From(row.Result, row.History, row.ExcludesReferences))],
        }, json => json.CompareDocument);
    }

    private static ComparedDataset Show(Terminal terminal, string title, EvaluationDataset dataset, MeasuredComparison measured, bool hasPublished)
    {
        foreach (string problem in measured.Candidates[0].Problems)
        {
            terminal.Warn(problem);
        }

        ComparisonTable table = ComparisonTable.Create(
            dataset.Name, [.. measured.Candidates.Select(candidate => new ComparisonCandidate(candidate.Label, candidate.Results))]);
        ComparedDataset compared = new(title, dataset, measured, table);
        ComparisonScreen.Write(terminal, compared, hasPublished);
        return compared;
    }

    private async Task<MeasuredComparison> MeasureAsync(
        ComparisonTask task,
        IReadOnlyList<(string Folder, OnnxModelFolder Model)> models,
        ParseResult arguments,
        Func<EncodingTracker> tracker,
        CancellationToken cancellationToken)
    {
        bool allowMissing = arguments.GetValue(_allowMissing);
        string? recipe = arguments.GetValue(_recipe);
        IEnumerable<string> common =
        [
            _compared.ModelArguments(arguments),
            recipe is null ? "" : $"--recipe {CommandLineWord.Quoted(recipe)}",
            allowMissing ? "--allow-missing" : "",
        ];
        QueryLabels? labels = null; // The first run's: all rows are judged by the same queries.
        CandidateMeasurement measurement = new(
            task,
            captions => ComparisonTask.Settings(_setting.Read(arguments, 0, 0), _compared.Alphas(arguments), _compared.Betas(arguments), _compared.Fusions(arguments), captions),
            new EvaluationOptions { AllowMissing = allowMissing, Projection = _compared.Projection(arguments) })
        {
            ListsWhatLacks = _compared.HasAll(arguments),
            CacheFolder = arguments.GetValue(_cache)?.FullName,
            Recipe = recipe,
            Composition = _compared.Composition(arguments),
            Restrict = (run, settings) =>
            {
                labels ??= _labels.Measure(arguments, [.. run.Categories.Select(category => category.Runner)], settings[0], run.HasCaptions, cancellationToken);
                return labels is { } known
                    ? run with { Categories = [.. run.Categories.Select(category => category with { Runner = _labels.Filter(arguments, known, category.Runner, settings) })] }
                    : run;
            },
            CommonOptions = string.Join(' ', common.Where(option => option.Length > 0)),
        };
        List<MeasuredComparison> measured = [];
        foreach ((string folder, OnnxModelFolder model) in models)
        {
            measured.Add(await measurement.MeasureAsync(folder, model, tracker, cancellationToken));
        }

        return MeasuredComparison.Join(measured);
    }

    private IReadOnlyList<ComparisonTask> Tasks(ParseResult arguments)
    {
        int count = _datasets.Count(arguments);
        string[] names = count == 0 ? ["fashioniq", "cirr"] : [.. Enumerable.Range(0, count).Select(i => _datasets.Name(arguments, i))];
        if (count > 0)
        {
            return
            [
                .. names.Select((name, i) =>
                {
                    IReadOnlyList<EvaluationDataset> datasets = _datasets.Read(arguments, i);
                    string title = $"{DatasetReader.TitleOf(name)} {datasets[0].Split}";
                    return new ComparisonTask(title, datasets, _datasets.ArgumentsOf(arguments, i), _compared.Captions(arguments, name, names) ?? [null]);
                }),
            ];
        }

        return
        [
            .. names.Select(name => new ComparisonTask(
                $"TinyFashion, {DatasetReader.TitleOf(name)} layout",
                DatasetReader.Read(name, TinyFashion.Data(name)),
                $"--dataset {name} --root {CommandLineWord.Quoted(Path.GetRelativePath(Environment.CurrentDirectory, TinyFashion.Data(name)))}",
                _compared.Captions(arguments, name, names)
                    ?? [.. _compared.HasAll(arguments) ? Array.Empty<FileInfo?>() : [null], CaptionsOf(name)])),
        ];
    }

    private static FileInfo CaptionsOf(string dataset) => new(Path.GetRelativePath(Environment.CurrentDirectory, TinyFashion.Captions(dataset).FullName));

    // Each stage counts on from where the one before it ended.
    private sealed class Stages(IProgress<int> progress)
    {
        private int _before;

        public EncodingTracker Next(int steps)
        {
            EncodingTracker tracker = new(new Offset(progress, _before));
            _before += steps;
            return tracker;
        }

        private sealed class Offset(IProgress<int> whole, int before) : IProgress<int>
        {
            public void Report(int value) => whole.Report(before + value);
        }
    }
}
