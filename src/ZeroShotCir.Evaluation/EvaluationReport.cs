using System.Runtime.InteropServices;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Evaluation.Statistics;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Evaluation;

/// <summary>
/// A report of measured settings as one HTML file that needs nothing else: tables with intervals and paired tests, heatmaps over α and β,
/// published figures beside the own ones, queries to look at with their rankings, and what one needs to get the figures again.
/// </summary>
/// <remarks>Not for concurrent use.</remarks>
public sealed class EvaluationReport
{
    private readonly List<MeasuredSettings> _measured = [];
    private readonly List<Heatmap> _heatmaps = [];
    private readonly List<PublishedTable> _published = [];
    private readonly List<ManifestGroup> _facts = [];
    private int _shownQueries = 100;

    /// <summary>Begins a report.</summary>
    /// <param name="title">Its title.</param>
    public EvaluationReport(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>What was measured, in a sentence or two of plain text.</summary>
    /// <value>The default value is empty.</value>
    public string Summary { get; set; } = "";

    /// <summary>How many queries of each category are shown with their rankings, evenly spread.</summary>
    /// <value>At least 0, which shows none. The default value is 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int ShownQueries
    {
        get => _shownQueries;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _shownQueries = value;
        }
    }

    /// <summary>How intervals and tests are drawn.</summary>
    public StatisticsOptions Statistics { get; set; } = new();

    /// <summary>A person's picture folder, which the tool's first command has.</summary>
    internal AlbumSection? Album { get; set; }

    /// <summary>How every strategy answers the kinds of questions of that folder.</summary>
    internal IReadOnlyList<StrategySection> Strategies { get; set; } = [];

    /// <summary>Adds the tables of a data set: the mean of its categories first, then each of them. Its queries are among those that are shown.</summary>
    /// <param name="measured">What was measured, by settings of the same names as what was added before.</param>
    /// <exception cref="ArgumentException">Its settings have other names, under which queries of all data sets are shown side by side.</exception>
    public void Add(MeasuredSettings measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        string[] names = [.. measured.Settings.Select(setting => setting.Name)];
        if (_measured.Count > 0 && _measured[0].Settings.Select(setting => setting.Name) is var first && !first.SequenceEqual(names))
        {
            throw new ArgumentException(
                $"The settings of '{measured.Title}' are {string.Join(", ", names)}; those of '{_measured[0].Title}' are {string.Join(", ", first)}, and queries of both "
                + "would stand under one row of names. Measure both by settings of the same names, or write two reports.", nameof(measured));
        }

        _measured.Add(measured);
    }

    /// <summary>Adds a heatmap of one metric over α and β.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="sweep">The results of a whole grid on one data set or category, as <see cref="Sweep.Grid"/> makes the settings.</param>
    /// <param name="metric">The name of the metric.</param>
    /// <param name="chosen">The setting of the tables, which is marked; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">The metric is not one of the results'.</exception>
    public void AddHeatmap(string title, IReadOnlyList<EvaluationResult> sweep, string metric, EvaluationSetting? chosen = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(metric);
        Add(SweepHeatmaps.Create(sweep, metric, chosen is null ? null : (chosen.Alpha, chosen.Beta))[^1] with { Title = title });
    }

    /// <summary>Adds what others published on a data set, below the own figures; nothing where nothing is known.</summary>
    /// <param name="measured">The own figures.</param>
    /// <param name="backbone">What encoded images and texts.</param>
    /// <param name="note">What keeps the rows from being like for like.</param>
    public void AddPublished(MeasuredSettings measured, string backbone, string note)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(note);
        if (PublishedComparison.Create(measured, backbone, note) is { } table)
        {
            _published.Add(table);
        }
    }

    /// <summary>Adds facts that one needs to trust the figures and to get them again, such as the model and where captions came from.</summary>
    /// <param name="heading">What they are about; the report's own are <c>Machine</c> and, of each data set, <c>Coverage of</c> its title.</param>
    /// <param name="facts">Each with its name, in the order in which they are shown.</param>
    public void AddFacts(string heading, IEnumerable<KeyValuePair<string, string>> facts)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(heading);
        ArgumentNullException.ThrowIfNull(facts);
        Add(new ManifestGroup(heading, [.. facts.Select(fact => (fact.Key, fact.Value))]));
    }

    /// <summary>
    /// Writes the file. Coverage of the data sets, library and machine are added to the facts, unless facts were added under the heading of
    /// one of these. Long work: what text and image alone achieve is measured for the tables.
    /// </summary>
    /// <param name="path">The file; folders that are not there are made.</param>
    /// <param name="shrinker">Makes small copies of the pictures.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path, IImageShrinker shrinker, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(shrinker);
        ManifestGroup[] own = [.. _measured.Select(CoverageOf), Machine()];
        Report report = new()
        {
            Title = Title,
            Summary = Summary,
            Manifest = [.. _facts, .. own.Where(group => _facts.All(said => said.Name != group.Name))],
            Tables = [.. _measured.SelectMany(measured => TablesOf(measured, cancellationToken))],
            Heatmaps = _heatmaps,
            Published = _published,
            Queries = ShownQueries > 0 && _measured.Count > 0 ? QuerySample.Create(_measured, ShownQueries, new Thumbnails(shrinker), cancellationToken) : null,
            Album = Album,
            Strategies = Strategies,
        };
        ReportPage.Write(report, new FileInfo(path));
    }

    internal void Add(Heatmap map) => _heatmaps.Add(map);

    internal void Add(ManifestGroup facts) => _facts.Add(facts);

    private IEnumerable<MetricTable> TablesOf(MeasuredSettings measured, CancellationToken cancellationToken)
    {
        MeasuredHalves halves = MeasuredHalves.Measure(measured.Runners, measured.Settings.Select(named => named.Setting), cancellationToken);
        IEnumerable<int?> categories = Enumerable.Range(0, measured.Runners.Count).Select(category => (int?)category);
        return (measured.Runners.Count > 1 ? categories.Prepend(null) : categories).Select(category => measured.Table(category, halves, Statistics));
    }

    private static ManifestGroup CoverageOf(MeasuredSettings measured) => new($"Coverage of {measured.Title}", [.. measured.Runners.Select(runner =>
    {
        DatasetCoverage part = runner.Coverage;
        string images = FormattableString.Invariant($"{part.Gallery:N0} of {part.GalleryAnnotated:N0} images, {part.Captioned:N0} captioned");
        return (runner.Dataset.Category ?? "all", FormattableString.Invariant($"{images}, {part.Queries:N0} of {part.QueriesAnnotated:N0} queries"));
    })]);

    private static ManifestGroup Machine() => new(
        "Machine",
        [
            ("library", LibraryVersion.Current),
            ("system", RuntimeInformation.OSDescription),
            ("processors", $"{Environment.ProcessorCount} × {RuntimeInformation.ProcessArchitecture}"),
            ("runtime", RuntimeInformation.FrameworkDescription),
        ]);
}
