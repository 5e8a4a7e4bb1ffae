using ZeroShotCir.Evaluation;
using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Documents;

/// <summary>By what queries results are judged: the pool that labeled them, how many have each label, and which were kept.</summary>
internal sealed record LabelsDocument(IReadOnlyList<string> Pool, IReadOnlyDictionary<string, int> Counts, string? Only)
{
    public static LabelsDocument From(QueryLabels labels, string? only)
        => new(labels.Pool, Enum.GetValues<QueryLabel>().ToDictionary(LabelFile.WordOf, labels.CountOf), only);
}
