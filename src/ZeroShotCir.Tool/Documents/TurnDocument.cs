using ZeroShotCir.Evaluation.Sessions;

namespace ZeroShotCir.Tool.Documents;

/// <summary>R@k over some turns of sessions.</summary>
/// <param name="Turn">Which turn, from 1; <see langword="null"/> for the last ones, or all.</param>
/// <param name="Count">How many turns these are.</param>
/// <param name="Metrics">In percent.</param>
internal sealed record TurnDocument(int? Turn, int Count, IReadOnlyDictionary<string, double> Metrics)
{
    public static TurnDocument From(SessionRecalls recalls) => new(recalls.Turn, recalls.Count, recalls.Recalls.ToDictionary(recall => $"R@{recall.Key}", recall => recall.Value));
}
