namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>Finds recipes by name.</summary>
public static class TextRecipe
{
    /// <summary>The named recipes; beside them, any text with <c>{}</c> is a prompt template.</summary>
    public static IReadOnlyList<string> Names { get; } = ["plain", "joined", "joined-both-orders", "weimocir-code"];

    /// <summary>The recipe that published results of a data set use, published quirks aside.</summary>
    /// <param name="dataset">The name of the data set.</param>
    /// <returns><c>joined</c> for <c>fashioniq</c>, otherwise <c>plain</c>.</returns>
    public static ITextRecipe DefaultOf(string dataset) => dataset == "fashioniq" ? new JoinedRecipe() : new PlainRecipe();

    /// <summary>
    /// Reads a recipe: a name, or prompt templates separated by <c>|</c>, which take the data set's default text at <c>{}</c> and, for CIRCO,
    /// the shared concept of reference and target at <c>{shared_concept}</c>.
    /// </summary>
    /// <param name="text">Such as <c>joined</c>, <c>a photo of {}|an image that {}</c> or <c>a photo of {shared_concept} that {}</c>.</param>
    /// <param name="dataset">The name of the data set.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="ArgumentException">It is neither, or a template has a placeholder that is not known.</exception>
    public static ITextRecipe Parse(string text, string dataset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return text switch
        {
            "plain" => new PlainRecipe(),
            "joined" => new JoinedRecipe(),
            "joined-both-orders" => new JoinedRecipe(bothOrders: true),
            "weimocir-code" => new WeiMoCirCodeRecipe(),
            _ when text.Contains('{', StringComparison.Ordinal) => Template(text, dataset),
            _ => throw new ArgumentException(
                $"The text recipe '{text}' is not known; known are {string.Join(", ", Names)}, and prompt templates such as 'a photo that {{}}'.", nameof(text)),
        };
    }

    private static TemplateRecipe Template(string text, string dataset)
    {
        TemplateRecipe recipe = new(DefaultOf(dataset), text.Split('|'));
        return !recipe.UsesSharedConcept || dataset == "circo"
            ? recipe
            : throw new ArgumentException(
                $"The text recipe '{text}' asks for '{TemplateRecipe.SharedConceptPlaceholder}', which only CIRCO annotates, not {dataset}.", nameof(text));
    }
}
