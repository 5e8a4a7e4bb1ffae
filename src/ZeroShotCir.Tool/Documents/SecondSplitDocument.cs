using ZeroShotCir.Evaluation.Statistics;

namespace ZeroShotCir.Tool.Documents;

/// <summary>The choice on queries that had no say in it, against the setting that one would take without choosing.</summary>
internal sealed record SecondSplitDocument(string Dataset, ConfidenceInterval Chosen, ConfidenceInterval Baseline, PairedComparison Gain, string Verdict);
