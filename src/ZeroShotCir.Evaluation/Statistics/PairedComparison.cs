namespace ZeroShotCir.Evaluation.Statistics;

/// <summary>How much better a second setting is than a first on the same queries.</summary>
public sealed class PairedComparison
{
    internal PairedComparison(ConfidenceInterval difference, int wins, int losses, double pValue, string test)
    {
        Difference = difference;
        Wins = wins;
        Losses = losses;
        PValue = pValue;
        Test = test;
    }

    /// <summary>Second minus first, with its interval by the paired bootstrap.</summary>
    public ConfidenceInterval Difference { get; }

    /// <summary>The queries on which the second is better.</summary>
    public int Wins { get; }

    /// <summary>The queries on which the first is better.</summary>
    public int Losses { get; }

    /// <summary>The probability of a difference at least as large, either way, if the two were equally good.</summary>
    public double PValue { get; }

    /// <summary>The test: <c>McNemar exact</c> for recalls, <c>sign-flip randomisation</c> otherwise.</summary>
    public string Test { get; }
}
