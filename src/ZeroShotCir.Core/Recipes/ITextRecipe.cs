namespace ZeroShotCir.Recipes;

/// <summary>How what somebody says becomes the text that is encoded.</summary>
/// <remarks>
/// Retrieval (<see cref="Retrieval.RetrievalOptions.TextRecipe"/>) and evaluation take the same recipes. Implementations are immutable and
/// serve concurrent callers.
/// </remarks>
public interface ITextRecipe
{
    /// <summary>The name under which results record the recipe.</summary>
    string Name { get; }

    /// <summary>Writes the texts to encode.</summary>
    /// <param name="captions">What is said: one text, or FashionIQ's two captions.</param>
    /// <param name="sharedConcept">What reference and target have in common, where that is known.</param>
    /// <returns>One text, whose embedding is the query's as the encoder gives it; or several, whose directions are averaged.</returns>
    /// <exception cref="ArgumentException">The recipe needs the shared concept, and there is none.</exception>
    IReadOnlyList<string> Compose(IReadOnlyList<string> captions, string? sharedConcept = null);
}
