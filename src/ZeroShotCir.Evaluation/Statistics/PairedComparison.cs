namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>How much better a second setting is than a first on the same queries.</summary>
/// <param name="Difference">Second minus first, with its interval by the paired bootstrap.</param>
/// <param name="Wins">The queries on which the second is better.</param>
/// <param name="Losses">The queries on which the first is better.</param>
/// <param name="PValue">The probability of a difference at least as large, either way, if the two were equally good.</param>
/// <param name="Test">The test: <c>McNemar exact</c> for recalls, <c>sign-flip randomisation</c> otherwise.</param>
public sealed record PairedComparison(ConfidenceInterval Difference, int Wins, int Losses, double PValue, string Test);
