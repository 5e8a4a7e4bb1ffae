using ZeroShotCir.Composition;
using ZeroShotCir.Evaluation.Features;
using ZeroShotCir.Evaluation.Reporting;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Sessions;
using ZeroShotCir.Tool.Outcomes;

namespace ZeroShotCir.Tool.Runs;

/// <summary>The album's sessions, ready to be replayed.</summary>
/// <param name="Dataset">The sessions.</param>
/// <param name="Features">The album's pictures, and the text of every turn.</param>
/// <param name="Model">The album's model.</param>
/// <param name="Alpha">The weight of a turn's text.</param>
internal sealed record AlbumSessions(SessionDataset Dataset, EvaluationFeatures Features, OnnxModelFolder Model, double Alpha)
{
    /// <summary>Replays them by every way to use earlier turns.</summary>
    public async Task<IReadOnlyList<ReplayedHistory>> ReplayAsync(CancellationToken cancellationToken)
    {
        List<ReplayedHistory> replayed = [];
        foreach (SessionHistory history in SessionHistory.Names.Select(SessionHistory.Parse))
        {
            // Only a joined sentence is not among the texts that were encoded.
            using OnnxTextEncoder? texts = history == SessionHistory.JoinedTexts ? Model.CreateTextEncoder() : null;
            SessionEvaluationOptions asked = new() { Strategy = CompositionStrategy.Weighted.WithAlpha(Alpha), History = history, ExcludeReferences = true };
            replayed.Add(new ReplayedHistory(history, asked.ExcludeReferences, await new SessionEvaluator(Dataset, Features, texts).EvaluateAsync(asked, null, cancellationToken)));
        }

        return replayed;
    }

    /// <summary>What a report shows of that.</summary>
    public static StrategySection SectionOf(IReadOnlyList<ReplayedHistory> replayed)
    {
        SessionRecalls first = replayed[0].Result.FinalTurn;
        return new StrategySection(
            new MetricTable(
                "Album: sessions, by what becomes of earlier turns",
                FormattableString.Invariant($"{first.Count:N0} sessions of up to {replayed[0].Result.PerTurn.Count} turns. R@k of the last turn; found by then: ")
                    + "the mean over turns of the share of sessions that had a right answer among the first ten. Pictures that a user has seen are taken out.",
                [.. first.Recalls.Keys.Select(k => new MetricColumn($"R@{k}")), new MetricColumn("found by then")],
                [
                    .. replayed.Select(row => new MetricRow(
                        row.History.Name, "", [.. row.Result.FinalTurn.Recalls.Values.Append(row.Result.AreaUnderCurve).Select(value => (MetricCell?)new MetricCell(value))])),
                ]),
            []);
    }
}
