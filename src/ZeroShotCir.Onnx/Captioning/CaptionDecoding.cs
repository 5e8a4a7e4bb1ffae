namespace ZeroShotCir.Onnx.Captioning;

/// <summary>How a captioner chooses the next token.</summary>
public enum CaptionDecoding
{
    /// <summary>The most likely token each time. Further captions of the same image are sampled.</summary>
    Greedy,

    /// <summary>The most likely sequences among several that are followed at once.</summary>
    Beam,

    /// <summary>Drawn by probability, repeatable by the seed.</summary>
    Sample,
}
