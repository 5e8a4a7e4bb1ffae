namespace ZeroShotCir.Recipes;

/// <summary>Finds recipes by name.</summary>
public static class TextRecipe
{
    /// <summary>The named recipes; beside them, any text with <c>{}</c> is a prompt template.</summary>
    public static IReadOnlyList<string> Names { get; } = ["plain", "joined", "joined-both-orders", "weimocir-code"];

    /// <summary>What is said as it stands; several captions joined by " and ", nothing taken away.</summary>
    public static ITextRecipe Plain { get; } = new PlainRecipe();

    /// <summary>
    /// FashionIQ's two captions as CLIP4Cir and its successors join them: <c>.</c>, <c>?</c>, <c>,</c> and blanks taken off their ends, the
    /// first capitalized, joined by " and ". A single caption stays as it stands.
    /// </summary>
    public static ITextRecipe Joined { get; } = new JoinedRecipe();

    /// <summary>
    /// Reads a recipe: a name, or prompt templates separated by <c>|</c>, which take a text at <c>{}</c> and perhaps what reference and target
    /// have in common at <c>{shared_concept}</c>.
    /// </summary>
    /// <param name="text">Such as <c>joined</c> or <c>a photo of {}|an image that {}</c>.</param>
    /// <param name="inner">What writes the text that templates take; <see langword="null"/> for <see cref="Plain"/>.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="ArgumentException">It is neither, or a template has a placeholder that is not known.</exception>
    public static ITextRecipe Parse(string text, ITextRecipe? inner = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return text switch
        {
            "plain" => Plain,
            "joined" => Joined,
            "joined-both-orders" => new JoinedRecipe(bothOrders: true),
            "weimocir-code" => new WeiMoCirCodeRecipe(),
            _ when text.Contains('{', StringComparison.Ordinal) => new TemplateRecipe(inner ?? Plain, text.Split('|')),
            _ => throw new ArgumentException(
                $"The text recipe '{text}' is not known; known are {string.Join(", ", Names)}, and prompt templates such as 'a photo that {{}}'.", nameof(text)),
        };
    }
}
