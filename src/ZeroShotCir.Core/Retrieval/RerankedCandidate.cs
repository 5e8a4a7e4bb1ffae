namespace ZeroShotCir.Retrieval;

/// <summary>A candidate in its new place.</summary>
public sealed class RerankedCandidate
{
    internal RerankedCandidate(int position, double fit)
    {
        Position = position;
        Fit = fit;
    }

    /// <summary>The position it had, from 0.</summary>
    public int Position { get; }

    /// <summary>How well it fits, from 0 to 1.</summary>
    public double Fit { get; }
}
