namespace ZeroShotCir.Evaluator.Runs;

/// <summary>How long the parts of a run took.</summary>
internal sealed record TimingsManifest(double EncodeSeconds, double EvaluateSeconds);
