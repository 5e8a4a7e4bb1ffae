namespace ZeroShotCir.Recipes;

/// <summary>The caption as it stands; several captions joined by " and ", nothing taken away.</summary>
internal sealed class PlainRecipe : ITextRecipe
{
    /// <inheritdoc/>
    public string Name => "plain";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compose(IReadOnlyList<string> captions, string? sharedConcept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return [string.Join(" and ", captions)];
    }
}
