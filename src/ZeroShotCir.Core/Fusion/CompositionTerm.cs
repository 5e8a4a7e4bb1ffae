namespace ZeroShotCir.Fusion;

/// <summary>One term of a <see cref="CompositionExpression"/>.</summary>
/// <param name="Weight">Its weight; negative where the term is subtracted.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Value">The text or the path; empty for the query's own image and text.</param>
public readonly record struct CompositionTerm(double Weight, CompositionTermKind Kind, string Value);
