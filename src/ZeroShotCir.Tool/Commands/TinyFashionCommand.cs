using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Captioning;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir</c> alone: the built-in world, end to end.</summary>
internal sealed class TinyFashionCommand : ToolCommand
{
    private const double Alpha = 0.7;
    private const double Beta = 0.1;
    private const int ReportedQueries = 72;
    private const int CaptionedPictures = 3;

    // The screen shows no intervals and the report rounds them: fewer draws than the library's default suffice.
    private static readonly StatisticsOptions Statistics = new() { Resamples = 2000 };

    private static readonly NamedSetting[] Settings =
    [
        new("image only", new EvaluationSetting { Alpha = 0, Beta = 0 }),
        new("text only", new EvaluationSetting { Alpha = 1, Beta = 0 }),
        new("fused", new EvaluationSetting { Alpha = Alpha, Beta = 0 }),
        new("fused + captions", new EvaluationSetting { Alpha = Alpha, Beta = Beta }),
    ];

    private readonly Option<FileInfo> _report = new("--report")
    {
        Description = "Where the report goes.",
        HelpName = "FILE.html",
        DefaultValueFactory = _ => new FileInfo("report.html"),
    };

    public TinyFashionCommand()
        : base(
            "cir",
            "Composed image retrieval: find the picture that is like this one, but changed as this sentence says. "
            + "Without a command, the built-in TinyFashion world is evaluated end to end.",
            "cir --report report.html") => Add(_report);

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<EvaluationDataset> fashionData = DatasetReader.Read("fashioniq", TinyFashion.Data("fashioniq"));
        IReadOnlyList<EvaluationDataset> cirrData = DatasetReader.Read("cirr", TinyFashion.Data("cirr"));
        (Layout fashion, Layout cirr) = await terminal.TrackAsync(
            "encoding pictures and sentences", EncodingTracker.Steps([.. fashionData, .. cirrData]), async progress =>
            {
                EncodingTracker tracker = new(progress);
                Task<Layout> first = Task.Run(() => MeasureAsync("FashionIQ layout", fashionData, tracker, cancellationToken), cancellationToken);
                Task<Layout> second = Task.Run(() => MeasureAsync("CIRR layout", cirrData, tracker, cancellationToken), cancellationToken);
                return (await first, await second);
            });
        IReadOnlyList<LiveCaption> captions = await CaptionAsync(cirrData[0], cancellationToken);

        MeasuredAlbum? album = await AlbumRun.RunAsync(TinyFashion.Album, Alpha, cancellationToken);
        IReadOnlyList<double> weights = Sweep.ParseRange("0:1:0.05");
        IReadOnlyList<EvaluationSetting> grid = Sweep.Grid(Settings[^1].Setting, weights, weights);
        IReadOnlyList<EvaluationResult> fashionGrid = fashion.Run.Evaluate(grid, null, cancellationToken);
        IReadOnlyList<EvaluationResult> cirrGrid = cirr.Run.Evaluate(grid, null, cancellationToken);
        FileInfo file = arguments.GetRequiredValue(_report);
        EvaluationReport report = new("TinyFashion, end to end")
        {
            Summary = Summary(Queries(fashion.Measured) + Queries(cirr.Measured), Pictures(fashion.Measured) + Pictures(cirr.Measured)),
            ShownQueries = ReportedQueries,
            Statistics = Statistics,
            Album = album?.Section,
            Strategies = album?.Strategies ?? [],
        };
        report.Add(fashion.Measured);
        report.Add(cirr.Measured);
        report.AddHeatmap("FashionIQ layout, R@1", fashionGrid, "R@1", Settings[^1].Setting);
        report.AddHeatmap("CIRR layout, R@1", cirrGrid, "R@1", Settings[^1].Setting);
        report.AddHeatmap("FashionIQ layout, R@10", fashionGrid, "R@10", Settings[^1].Setting);
        report.AddPublished(
            fashion.Measured,
            fashion.Run.Source.Model!.Family,
            "TinyFashion only has the layout of FashionIQ: its drawings are far easier than photographs. "
            + "The table shows what the figures are called and where the field stands, not a comparison.");
        AddManifest(report, fashion, cirr, CommandLineOf(arguments), clock.Elapsed.TotalSeconds);
        report.Write(file.FullName, new SkiaImageShrinker(new SkiaImageDecoder(), quality: 80), cancellationToken);
        Heatmap first = SweepHeatmaps.Create(fashionGrid, "R@1", (Alpha, Beta))[^1] with { Title = "FashionIQ layout, R@1" };

        double seconds = clock.Elapsed.TotalSeconds;
        Show(terminal, fashion.Measured, cirr.Measured, captions, album?.Document, first.Thinned(2), file, seconds);
        TinyFashionResult[] results = [.. Results(fashion.Measured), .. Results(cirr.Measured)];
        return ToolResult.From(
            new TinyFashionDocument("tinyfashion", results, captions, album?.Document, file.FullName, seconds), json => json.TinyFashionDocument);
    }

    // The graphs are so small that a second thread in each costs more than it brings; the two data sets run beside each other instead.
    private static async Task<Layout> MeasureAsync(string title, IReadOnlyList<EvaluationDataset> datasets, EncodingTracker tracker, CancellationToken cancellationToken)
    {
        OnnxModelFolder folder = OnnxModelFolder.Open(TinyFashion.Model, new OnnxModelOptions
        {
            Execution = new OnnxExecutionOptions { Threads = 1 },
            DecodeOptions = new DecodeOptions { Orientation = ImageOrientation.Ignore },
        });
        using EncoderSource model = EncoderSource.FromFolder(folder, () => PictureDecoders.Default);
        string dataset = datasets[0].Name;
        PreparedRun run = await RunPreparation.FromModelAsync(
            datasets, model, DatasetRecipe.DefaultOf(dataset), TinyFashion.Captions(dataset), null, null, composes: false, new EvaluationOptions(), tracker, cancellationToken);
        return new Layout(run, MeasuredSettings.Measure(title, run.Runners, Settings, cancellationToken));
    }

    private static async Task<IReadOnlyList<LiveCaption>> CaptionAsync(EvaluationDataset dataset, CancellationToken cancellationToken)
    {
        using OnnxImageCaptioner captioner = OnnxImageCaptioner.Open(TinyFashion.Captioner, new SkiaImageDecoder());
        List<LiveCaption> captions = [];
        for (int i = 0; i < CaptionedPictures; i++)
        {
            GalleryImage image = dataset.Gallery[i * dataset.Gallery.Count / CaptionedPictures];
            captions.Add(new LiveCaption(Path.GetFileName(image.Path), (await captioner.CaptionAsync(image.Read(), null, cancellationToken))[0]));
        }

        return captions;
    }

    private static void Show(
        Terminal terminal, MeasuredSettings fashion, MeasuredSettings cirr, IReadOnlyList<LiveCaption> captions, AlbumOutcome? album, Heatmap map, FileInfo report, double seconds)
    {
        TinyFashionScreen.Header(terminal.Out, Pictures(fashion) + Pictures(cirr), Queries(fashion) + Queries(cirr));
        (int position, int[] ranks) = TellingQuery(cirr);
        TinyFashionScreen.Example(terminal.Out, cirr.Runners[0].Dataset.Queries[position].Captions[0], ranks[0], ranks[1], ranks[^1]);
        TinyFashionScreen.Average(terminal.Out, fashion);
        TinyFashionScreen.Average(terminal.Out, cirr, "Rsub@1", "Rsub@2", "Rsub@3");
        TinyFashionScreen.Details(terminal.Out, fashion, map);
        TinyFashionScreen.Captions(terminal.Out, captions);
        AlbumScreen.Show(terminal.Out, album);
        TinyFashionScreen.Footer(terminal.Out, report, seconds);
    }

    private static string Summary(int queries, int pictures) => FormattableString.Invariant(
        $"{queries:N0} composed queries, a reference picture and a sentence each, over {pictures:N0} drawn garments. ")
        + "A small CLIP that never saw such a query encodes both halves, α weighs the sentence against the picture, and captions that a small captioner wrote weigh in by β.";

    // Both have one model and one machine, and a coverage of their own.
    private static void AddManifest(EvaluationReport report, Layout fashion, Layout cirr, string command, double seconds)
    {
        SettingManifest setting = SettingManifest.From([Settings[^1].Setting]);
        double evaluateSeconds = seconds - Math.Max(fashion.Run.Effort.Seconds, cirr.Run.Effort.Seconds);
        ManifestFacts.AddTo(report, fashion.Run.Manifest(command, TinyFashion.Data("fashioniq"), setting, evaluateSeconds), fashion.Measured.Title);
        report.Add(ManifestFacts.Coverage(cirr.Run.Manifest(command, TinyFashion.Data("cirr"), setting, evaluateSeconds), cirr.Measured.Title));
    }

    /// <summary>The query on which the two halves do worst alone, among those that both together answer.</summary>
    private static (int Position, int[] Ranks) TellingQuery(MeasuredSettings run)
    {
        int count = run.ResultsOf(0)[0].Ranks.Count;
        return Enumerable.Range(0, count)
            .Select(position => (position, ranks: run.Settings.Select((_, setting) => run.ResultsOf(setting)[0].Ranks[position].Target).ToArray()))
            .Where(query => query.ranks[^1] == 1)
            .MaxBy(query => Math.Min(query.ranks[0], query.ranks[1]));
    }

    private static IEnumerable<TinyFashionResult> Results(MeasuredSettings run)
    {
        for (int setting = 0; setting < run.Settings.Count; setting++)
        {
            for (int category = 0; category < run.Categories.Count; category++)
            {
                yield return TinyFashionResult.From(run.Settings[setting], run.ResultOf(setting, category));
            }

            if (run.Categories.Count > 1)
            {
                yield return TinyFashionResult.From(run.Settings[setting], run.ResultOf(setting, null));
            }
        }
    }

    private static int Pictures(MeasuredSettings run) => run.ResultOf(0, null).Gallery;

    private static int Queries(MeasuredSettings run) => run.ResultOf(0, null).Queries;

    /// <summary>The world in the layout of one benchmark.</summary>
    private sealed record Layout(PreparedRun Run, MeasuredSettings Measured);
}
