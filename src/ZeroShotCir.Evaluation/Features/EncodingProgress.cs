namespace ZeroShotCir.Evaluation.Features;

/// <summary>How far the encoding of a data set has come.</summary>
public readonly record struct EncodingProgress
{
    internal EncodingProgress(string stage, int done, int total)
    {
        Stage = stage;
        Done = done;
        Total = total;
    }

    /// <summary>What is being encoded: <c>images</c>, <c>captions</c> or <c>texts</c>.</summary>
    public string Stage { get; internal init; }

    /// <summary>How many are done, remembered ones included.</summary>
    public int Done { get; internal init; }

    /// <summary>How many there are.</summary>
    public int Total { get; internal init; }
}
