namespace ZeroShotCir.Tool.Outcomes;

/// <summary>How long the parts of a run took, and what was encoded rather than remembered.</summary>
internal sealed record TimingsManifest(double EncodeSeconds, double EvaluateSeconds, int EncodedImages, int EncodedTexts);
