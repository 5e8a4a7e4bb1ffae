namespace ZeroShotCir.Fusion;

/// <summary>How much of each half a linear fusion takes: the query points along <c>Image·image + Text·text</c>.</summary>
/// <param name="Image">The factor of the image embedding as it is given, not normalised.</param>
/// <param name="Text">The factor of the text embedding as it is given, not normalised.</param>
public readonly record struct FusionWeights(double Image, double Text);
