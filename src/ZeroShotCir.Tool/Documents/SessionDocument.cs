using System.Text.Json.Serialization;
using ZeroShotCir.Evaluation.Sessions;
using ZeroShotCir.Sessions;

namespace ZeroShotCir.Tool.Documents;

/// <summary>How sessions went, in percent at full precision.</summary>
internal sealed record SessionDocument
{
    public required string History { get; init; }

    public required bool ExcludesReferences { get; init; }

    public required int Sessions { get; init; }

    public required TurnDocument FinalTurn { get; init; }

    public required TurnDocument AllTurns { get; init; }

    public required IReadOnlyList<TurnDocument> PerTurn { get; init; }

    /// <summary>For each number of turns, how many sessions had a right answer among the first ten by then.</summary>
    [JsonPropertyName("hits_at_10_within_turns")]
    public required IReadOnlyList<double> HitsWithinTurns { get; init; }

    public required double Auc { get; init; }

    public static SessionDocument From(SessionResult result, SessionHistory history, bool excludesReferences) => new()
    {
        History = history.Name,
        ExcludesReferences = excludesReferences,
        Sessions = result.Ranks.Count,
        FinalTurn = TurnDocument.From(result.FinalTurn),
        AllTurns = TurnDocument.From(result.AllTurns),
        PerTurn = [.. result.PerTurn.Select(TurnDocument.From)],
        HitsWithinTurns = result.HitsWithinTurns,
        Auc = result.AreaUnderCurve,
    };
}
