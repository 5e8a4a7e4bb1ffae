namespace ZeroShotCir.Onnx.Captioning;

/// <summary>When a beam search that has enough finished captions stops: transformers' <c>early_stopping</c>.</summary>
internal enum BeamStop
{
    /// <summary>No running sequence would beat the worst finished one if it ended now (<c>false</c>).</summary>
    NoneBetterAtThisLength,

    /// <summary>At once (<c>true</c>).</summary>
    WhenEnough,

    /// <summary>No running sequence could beat the worst finished one at any length that is still allowed (<c>"never"</c>).</summary>
    NoneBetterAtAnyLength,
}
