using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>The caption as it stands; several captions joined by " and ", nothing taken away. The default of every data set but FashionIQ.</summary>
public sealed class PlainRecipe : ITextRecipe
{
    /// <inheritdoc/>
    public string Name => "plain";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compose(EvaluationQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return [string.Join(" and ", query.Captions)];
    }
}
