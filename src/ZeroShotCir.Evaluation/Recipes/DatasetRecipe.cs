using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>Finds the text recipes of data sets.</summary>
public static class DatasetRecipe
{
    /// <summary>The named recipes of data sets: those of <see cref="TextRecipe.Names"/>, and <c>rewordings</c>, the mean over a query's annotated rewordings.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. TextRecipe.Names.Append(RewordingsRecipe.Key).Order(StringComparer.Ordinal)];

    /// <summary>The recipe that published results of a data set use, published quirks aside.</summary>
    /// <param name="dataset">The name of the data set.</param>
    /// <returns><c>joined</c> for <c>fashioniq</c>, otherwise <c>plain</c>.</returns>
    public static ITextRecipe DefaultOf(string dataset) => dataset == "fashioniq" ? TextRecipe.Joined : TextRecipe.Plain;

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
        if (text == RewordingsRecipe.Key)
        {
            return dataset == "queries"
                ? new RewordingsRecipe(DefaultOf(dataset))
                : throw new ArgumentException(
                    $"The text recipe '{text}' averages rewordings, which only data sets of one's own annotate ('paraphrases'), not {dataset}.", nameof(text));
        }

        ITextRecipe recipe = TextRecipe.Parse(text, DefaultOf(dataset));
        return recipe is TemplateRecipe { UsesSharedConcept: true } && dataset != "circo"
            ? throw new ArgumentException(
                $"The text recipe '{text}' asks for '{TemplateRecipe.SharedConceptPlaceholder}', which only CIRCO annotates, not {dataset}.", nameof(text))
            : recipe;
    }

    /// <summary>Writes the texts of a query.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="query">The query.</param>
    /// <returns>One text, whose embedding is the query's as the encoder gives it; or several, whose directions are averaged.</returns>
    /// <exception cref="InvalidDatasetException">The recipe asks for the shared concept, and the query has none.</exception>
    public static IReadOnlyList<string> Compose(this ITextRecipe recipe, EvaluationQuery query)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(query);
        return recipe is RewordingsRecipe rewordings ? rewordings.Compose(query)
            : recipe is TemplateRecipe { UsesSharedConcept: true } && string.IsNullOrWhiteSpace(query.SharedConcept)
            ? throw new InvalidDatasetException(
                $"The text recipe '{recipe.Name}' asks for the shared concept of reference and target, but query {query.Id} has none. Only CIRCO annotates it.")
            : recipe.Compose(query.Captions, query.SharedConcept);
    }
}
