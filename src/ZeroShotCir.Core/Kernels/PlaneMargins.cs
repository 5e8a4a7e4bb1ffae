namespace ZeroShotCir.Kernels;

/// <summary>The parts of the margins of a scan of code planes that no row changes.</summary>
/// <param name="Coarse">When rows are bounded by their coarse codes.</param>
/// <param name="Both">When they are bounded by both.</param>
internal readonly record struct PlaneMargins(float Coarse, float Both);
