namespace ZeroShotCir.Sessions;

/// <summary>The vectors that a history keeps of a turn, so that no picture or text is encoded again.</summary>
internal sealed class TurnMemory
{
    public static readonly TurnMemory None = new();

    /// <summary>The turn's own query, of unit length; empty where nobody composed it.</summary>
    public ReadOnlyMemory<float> Own { get; init; }

    /// <summary>What was searched for, of unit length; empty where it is no vector of the history's.</summary>
    public ReadOnlyMemory<float> Searched { get; init; }
}
