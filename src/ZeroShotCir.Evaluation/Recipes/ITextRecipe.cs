using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>How the captions of a query become the text that is encoded.</summary>
/// <remarks>Implementations are immutable and serve concurrent callers.</remarks>
public interface ITextRecipe
{
    /// <summary>The name under which results record the recipe.</summary>
    string Name { get; }

    /// <summary>Writes the texts of a query.</summary>
    /// <param name="query">The query.</param>
    /// <returns>
    /// One text, whose embedding is the query's as the encoder gives it; or several, whose directions are averaged.
    /// </returns>
    IReadOnlyList<string> Compose(EvaluationQuery query);
}
