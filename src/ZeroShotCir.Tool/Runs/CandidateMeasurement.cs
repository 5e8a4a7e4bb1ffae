using System.Diagnostics;
using System.Globalization;
using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Recipes;
using ZeroShotCir.Evaluation.Results;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Onnx;
using ZeroShotCir.Recipes;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Places;

namespace ZeroShotCir.Tool.Runs;

/// <summary>Measures every combination of models, captions and settings on one data set.</summary>
internal sealed class CandidateMeasurement(ComparisonTask task, Func<FileInfo?, IReadOnlyList<EvaluationSetting>> settingsOf, EvaluationOptions options)
{
    private const int ListedHits = 50;

    public required string? CacheFolder { get; init; }

    public required string? Recipe { get; init; }

    /// <summary>Descriptions of the targets, for the fusions that take them.</summary>
    public required FileInfo? Composition { get; init; }

    /// <summary>What a command line needs beside data set, model, captions and setting.</summary>
    public required string CommonOptions { get; init; }

    /// <summary>Keeps the queries by which settings are judged.</summary>
    public required Func<PreparedRun, IReadOnlyList<EvaluationSetting>, PreparedRun> Restrict { get; init; }

    /// <summary>Whether a setting that lacks evidence is a row that says what it needs, and not an error.</summary>
    public bool ListsWhatLacks { get; init; }

    public async Task<MeasuredComparison> MeasureAsync(string folder, OnnxModelFolder model, Func<EncodingTracker> tracker, CancellationToken cancellationToken)
    {
        string dataset = task.Datasets[0].Name;
        ITextRecipe recipe = Recipe is { } asked ? DatasetRecipe.Parse(asked, dataset) : DatasetRecipe.DefaultOf(dataset);
        Stopwatch clock = Stopwatch.StartNew();
        using EncoderSource encoders = EncoderSource.FromFolder(model, () => PictureDecoders.Default);
        ModelEncoding encoding = new(encoders, recipe, CacheFolder, model.Composes && settingsOf(null).Any(setting => FusionOption.ReadsTogether(setting.Fusion)));
        double loadSeconds = clock.Elapsed.TotalSeconds;

        // Pictures and queries first: every source of captions costs that and its own texts.
        PreparedRun plain = await encoding.EncodeAsync(task.Datasets, null, Composition, options, tracker(), cancellationToken);
        plain = plain with { Effort = plain.Effort with { Seconds = plain.Effort.Seconds + loadSeconds } };
        List<MeasuredComparison> measured = [];
        foreach (FileInfo? captions in task.CaptionSources)
        {
            PreparedRun run = plain;
            if (captions is not null)
            {
                PreparedRun captioned = await encoding.EncodeAsync(task.Datasets, captions, Composition, options, tracker(), cancellationToken);
                run = captioned with { Effort = plain.Effort + captioned.Effort };
            }

            measured.Add(Measure(folder, model, captions, run, cancellationToken));
        }

        return MeasuredComparison.Join(measured);
    }

    /// <summary>Measures the settings on an encoded data set.</summary>
    public MeasuredComparison Measure(string folder, OnnxModelFolder model, FileInfo? captions, PreparedRun run, CancellationToken cancellationToken)
    {
        IReadOnlyList<EvaluationSetting> settings = settingsOf(captions);
        List<UnmeasuredRow> lacking = [];
        if (ListsWhatLacks)
        {
            EvaluationSetting[] complete = [.. settings.Where(setting => run.Categories[0].Runner.NeedsOf(setting) is null)];
            lacking.AddRange(settings.Except(complete).Select(setting => new UnmeasuredRow(setting.Fusion.ToString(), run.Categories[0].Runner.NeedsOf(setting)!)).Distinct());
            settings = complete;
        }

        return new MeasuredComparison([.. Measure(folder, model, captions, Restrict(run, settings), settings, cancellationToken)], lacking);
    }

    private IEnumerable<MeasuredCandidate> Measure(
        string folder, OnnxModelFolder model, FileInfo? captions, PreparedRun run, IReadOnlyList<EvaluationSetting> settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadOnlyList<EvaluationResult>> results = [.. run.Categories.Select(category => category.Runner.Evaluate(settings, null, cancellationToken))];
        MeasuredHalves halves = MeasuredHalves.Measure(run.Runners, settings, cancellationToken);
        for (int i = 0; i < settings.Count; i++)
        {
            int position = i;
            yield return new MeasuredCandidate(
                folder,
                captions,
                settings[i],
                run.Source,
                run.Coverage,
                run.Problems,
                run.Effort,
                [.. results.Select(list => list[position])],
                SecondsPerQuery(run, settings[i], cancellationToken),
                ModelSize.Measure(model),
                CommandOf(folder, captions, settings[i]),
                halves.GapOf(settings[i], [.. results.Select(list => list[position])]));
        }
    }

    // The faster of two: the first may compile code and pack the gallery.
    private static double SecondsPerQuery(PreparedRun run, EvaluationSetting setting, CancellationToken cancellationToken) => Enumerable.Range(0, 2).Min(_ =>
    {
        Stopwatch clock = Stopwatch.StartNew();
        int queries = run.Categories.Sum(category => category.Runner.Rank(setting, ListedHits, cancellationToken).Count);
        return clock.Elapsed.TotalSeconds / queries;
    });

    private string CommandOf(string folder, FileInfo? captions, EvaluationSetting setting)
    {
        if (task.Location.Length == 0)
        {
            return $"cir compare --fusion {FusionOption.All}"; // The album is no data set of its own, and is measured whole.
        }

        List<string> parts = ["cir eval", task.Location, $"--model {CommandLineWord.Quoted(folder)}"];
        if (captions is not null)
        {
            parts.Add($"--captions {CommandLineWord.Quoted(captions.ToString())}");
        }

        parts.Add(FusionOption.ReadsTogether(setting.Fusion) ? "" : string.Create(CultureInfo.InvariantCulture, $"--alpha {setting.Alpha}"));
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"--beta {setting.Beta}"));
        parts.Add(setting.Fusion.Equals(CompositionStrategy.Weighted) ? "" : $"--fusion {setting.Fusion}");
        parts.Add(Composition is not null && FusionOption.ReadsTargets(setting.Fusion) ? $"--composition {CommandLineWord.Quoted(Composition.ToString())}" : "");
        parts.Add(setting.Scoring == Scoring.PublishedCode ? $"--scoring {ScoringName.PublishedCode}" : "");
        parts.Add(setting.NormalizeInputs ? "" : "--normalize-inputs false");
        parts.Add(setting.MissingCaptions == MissingCaptions.ImageOnly ? "--missing-captions image-only" : "");
        parts.Add(setting.MissingEvidence == MissingEvidence.StandIn ? "--missing-evidence stand-in" : "");
        parts.Add(CommonOptions);
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }
}
