namespace ZeroShotCir.Evaluation.Features;

/// <summary>How far the encoding of a data set has come.</summary>
/// <param name="Stage">What is being encoded: <c>images</c>, <c>captions</c> or <c>texts</c>.</param>
/// <param name="Done">How many are done, remembered ones included.</param>
/// <param name="Total">How many there are.</param>
public readonly record struct EncodingProgress(string Stage, int Done, int Total);
