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

    /// <summary>Reads a recipe: a name, or prompt templates separated by <c>|</c>, which take the data set's default text.</summary>
    /// <param name="text">Such as <c>joined</c> or <c>a photo of {}|an image that {}</c>.</param>
    /// <param name="dataset">The name of the data set.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static ITextRecipe Parse(string text, string dataset)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return text switch
        {
            "plain" => new PlainRecipe(),
            "joined" => new JoinedRecipe(),
            "joined-both-orders" => new JoinedRecipe(bothOrders: true),
            "weimocir-code" => new WeiMoCirCodeRecipe(),
            _ when text.Contains(TemplateRecipe.Placeholder, StringComparison.Ordinal) => new TemplateRecipe(DefaultOf(dataset), text.Split('|')),
            _ => throw new ArgumentException(
                $"The text recipe '{text}' is not known; known are {string.Join(", ", Names)}, and prompt templates such as 'a photo that {{}}'.", nameof(text)),
        };
    }
}
