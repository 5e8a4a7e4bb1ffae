using System.CommandLine;
using Spectre.Console;
using ZeroShotCir.Captions;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir dataset check</c>: which images are missing or corrupt, and how much of the data set can be evaluated.</summary>
internal sealed class DatasetCheckCommand : ToolCommand
{
    private const int ShownProblems = 20;
    private readonly DatasetOptions _dataset;
    private readonly Option<FileInfo?> _captions = new("--captions") { Description = "Also check how many images these captions cover.", HelpName = "FILE" };
    private readonly Option<bool> _quick = new("--quick") { Description = "Only look whether files are there, decode none." };

    public DatasetCheckCommand()
        : base(
            "check",
            "Look for missing and corrupt images, repeated names and blank captions, before hours of encoding.",
            "cir dataset check --dataset fashioniq --root FashionIQ")
    {
        _dataset = new DatasetOptions(this, hasSessions: true);
        Add(_captions);
        Add(_quick);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        // Repeated names and names that no gallery holds are refused here, by the readers.
        IReadOnlyList<EvaluationDataset> datasets = _dataset.Read(arguments);
        IReadOnlyDictionary<string, IReadOnlyList<string>>? captions = arguments.GetValue(_captions) is { } file ? CaptionFile.Read(file.FullName) : null;
        DatasetChecker checker = new(arguments.GetValue(_quick) ? null : PictureDecoders.Default);
        List<DatasetReport> reports = await terminal.TrackAsync("looking at images", datasets.Sum(dataset => dataset.Gallery.Count), async progress =>
        {
            List<DatasetReport> found = [];
            foreach (EvaluationDataset dataset in datasets)
            {
                int before = found.Sum(report => report.Gallery);
                found.Add(await Task.Run(() => checker.Check(dataset, captions, new Offset(progress, before), cancellationToken), cancellationToken));
            }

            return found;
        });
        terminal.Out.Write(Summary(reports));
        foreach (MissingFolder folder in reports.SelectMany(report => report.MissingFolders).DistinctBy(folder => folder.Path))
        {
            terminal.Out.MarkupLineInterpolated($"[yellow]missing[/]  {folder.Message}");
        }

        // A folder that is not there is one line, not one for each of its images.
        ImageProblem[] single = [.. reports.SelectMany(report => report.ImageProblems.Where(problem => !report.MissingFolders.Any(folder => folder.Explains(problem))))];
        foreach (ImageProblem problem in single.Take(ShownProblems))
        {
            terminal.Out.MarkupLineInterpolated($"[yellow]{ImageProblemDocument.KindOf(problem)}[/]  {problem.Path}: {problem.Message}");
        }

        // A caption file may be of all categories, each of which knows only its own images.
        string[] unknown = [.. reports.Select(report => report.UnknownCaptions.AsEnumerable()).Aggregate((first, second) => first.Intersect(second))];
        if (unknown.Length > 0)
        {
            terminal.Out.MarkupLineInterpolated($"{unknown.Length:N0} entries of the caption file are of no image here, the first of '{unknown[0]}'.");
        }

        DatasetCheckDocument document = new([.. reports.Select(DatasetCheckResult.From)], unknown, reports.All(report => report.IsComplete));
        if (document.Complete)
        {
            return ToolResult.From(document, json => json.DatasetCheckDocument);
        }

        string message = Complaint(reports, single.Length);
        terminal.Fail(message);
        return ToolResult.From(
            document with { Error = new ErrorDocument(nameof(InvalidDatasetException), message) }, json => json.DatasetCheckDocument, ExitCode.Failed);
    }

    // Going on without images is advised only where it is possible.
    private static string Complaint(IReadOnlyList<DatasetReport> reports, int single)
    {
        if (reports.FirstOrDefault(report => report.Gallery == 0) is { } empty)
        {
            return $"{empty.Dataset} has no index of its images: expected 'COCO2017_unlabeled/annotations/image_info_unlabeled2017.json' below --root, "
                + "and the images in 'COCO2017_unlabeled/unlabeled2017'.";
        }

        string count = $"{reports.Sum(report => report.ImageProblems.Count)} of {reports.Sum(report => report.Gallery)} images cannot be used.";
        string folders = string.Join(' ', reports.SelectMany(report => report.MissingFolders).DistinctBy(folder => folder.Path).Select(folder => folder.Message));
        string more = single > ShownProblems ? $"The first {ShownProblems} are listed; --json FILE has all." : "";
        string advice = reports.All(report => report.UsableQueries > 0) ? "Evaluate without them by --allow-missing." : "";
        return string.Join(' ', ((string[])[count, folders, more, advice]).Where(part => part.Length > 0));
    }

    private static Table Summary(IReadOnlyList<DatasetReport> reports)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("data set");
        foreach (string column in (string[])["images", "missing", "corrupt", "queries", "usable", "blank captions", "captioned"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (DatasetReport report in reports)
        {
            table.AddRow([
                Terminal.Escape(report.Dataset), Number(report.Gallery), Number(report.Missing), Number(report.Corrupt), Number(report.Queries), Number(report.UsableQueries),
                Number(report.BlankCaptions.Count), Number(report.CaptionedImages),
            ]);
        }

        return table;
    }

    private static string Number(int? value) => value is { } count ? FormattableString.Invariant($"{count:N0}") : "–";

    private sealed class Offset(IProgress<int> whole, int before) : IProgress<int>
    {
        public void Report(int value) => whole.Report(before + value);
    }
}
