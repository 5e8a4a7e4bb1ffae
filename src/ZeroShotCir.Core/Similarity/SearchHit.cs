namespace ZeroShotCir.Similarity;

/// <summary>A gallery item that a search found.</summary>
/// <param name="Ordinal">The item's position in the gallery, from 0.</param>
/// <param name="Score">The inner product with the query; higher is better.</param>
public readonly record struct SearchHit(int Ordinal, float Score);
