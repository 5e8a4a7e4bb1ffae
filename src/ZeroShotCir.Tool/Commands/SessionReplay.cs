using System.CommandLine;
using System.Diagnostics;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Evaluation.Settings;
using ZeroShotCir.Sessions;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Outcomes;
using ZeroShotCir.Tool.Runs;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary>What <c>cir eval</c> does with sessions: they are replayed turn by turn.</summary>
internal sealed class SessionReplay(DatasetOptions dataset, SourceOptions source)
{
    private readonly ReplayOptions _options = dataset.ReplayOptions!;

    /// <summary>Replays and measures.</summary>
    /// <param name="setting">The setting, of which caption weight and fusion count.</param>
    /// <param name="beta">The caption weight that was asked for; without it, the usual one where there are captions.</param>
    /// <param name="command">The command line.</param>
    /// <param name="arguments">The options.</param>
    /// <param name="terminal">Where figures go.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<ToolResult> RunAsync(EvaluationSetting setting, double? beta, string command, ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        IReadOnlyList<SessionDataset> sessions = dataset.ReadSessions(arguments);
        SessionHistory history = _options.History(arguments);

        // Only a joined sentence is not among the texts that were encoded.
        using EncoderSource? model = history == SessionHistory.JoinedTexts && source.Model.IsGiven(arguments) ? source.Model.OpenEncoders(arguments) : null;
        PreparedRun run = await SessionPreparation.FromOptionsAsync(dataset, source, [setting.Fusion], sessions, model, arguments, terminal, cancellationToken);
        setting = setting with { Beta = beta ?? (run.HasCaptions ? EvaluationDefaults.Beta : 0) };
        SessionEvaluationOptions asked = new()
        {
            Strategy = setting.Fusion.Definition.UsesAlpha ? setting.Fusion.WithAlpha(setting.Alpha) : setting.Fusion,
            Beta = setting.Beta,
            History = history,
            ExcludeReferences = _options.ExcludesReferences(arguments),
        };

        ITextEncoder? texts = model?.Texts();
        Stopwatch clock = Stopwatch.StartNew();
        List<ResultDocument> results = [];
        List<SessionResult> bySubset = [];
        foreach ((SessionDataset subset, PreparedCategory category) in sessions.Zip(run.Categories))
        {
            SessionResult result = await terminal.TrackAsync(
                "sessions", subset.Sessions.Count, progress => new SessionEvaluator(subset, category.Features!, texts).EvaluateAsync(asked, progress, cancellationToken));
            terminal.Out.Write(SessionTable.Create(subset.Subset, history.Name, result));
            bySubset.Add(result);
            results.Add(ResultDocument.From(subset, category.Features!.GalleryNames.Count, setting, SessionDocument.From(result, history, asked.ExcludeReferences)));
        }

        if (bySubset.Count > 1)
        {
            SessionResult average = SessionResult.Average(bySubset);
            terminal.Out.Write(SessionTable.Create("average", history.Name, average));
            results.Add(ResultDocument.From(results, setting, SessionDocument.From(average, history, asked.ExcludeReferences)));
        }

        terminal.NoteIfAny(Spending.Describe(model));
        RunManifest manifest = run.WithUsageOf(model).Manifest(command, dataset.Root(arguments), SettingManifest.From([setting]), clock.Elapsed.TotalSeconds);
        return ToolResult.From(new EvaluationDocument(manifest, results), json => json.EvaluationDocument);
    }
}
