namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>One number per color channel.</summary>
/// <param name="Red">The red channel's.</param>
/// <param name="Green">The green channel's.</param>
/// <param name="Blue">The blue channel's.</param>
public readonly record struct RgbValues(float Red, float Green, float Blue);
