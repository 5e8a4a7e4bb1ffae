namespace ZeroShotCir.Tool.Runs;

/// <summary>Tells how much of a work is done in thousandths.</summary>
internal sealed class Permille(IProgress<int> thousandths) : IProgress<double>
{
    /// <summary>All of it.</summary>
    public const int Whole = 1000;

    public void Report(double value) => thousandths.Report((int)(value * Whole));
}
