using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>
/// FashionIQ's two captions as CLIP4Cir and its successors join them: <c>.</c>, <c>?</c>, <c>,</c> and blanks taken off their ends, the
/// first capitalised, joined by " and ". The default of FashionIQ; a single caption stays as it stands.
/// </summary>
public sealed class JoinedRecipe : ITextRecipe
{
    private readonly bool _bothOrders;

    /// <summary>Creates the recipe.</summary>
    /// <param name="bothOrders">
    /// Whether the captions are joined in both orders and the two directions averaged, as SEARLE and LinCIR do; otherwise in the order of the file.
    /// </param>
    public JoinedRecipe(bool bothOrders = false) => _bothOrders = bothOrders;

    /// <inheritdoc/>
    public string Name => _bothOrders ? "joined-both-orders" : "joined";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compose(EvaluationQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Captions switch
        {
            [var first, var second] when _bothOrders => [Join(first, second), Join(second, first)],
            [var first, var second] => [Join(first, second)],
            _ => [string.Join(" and ", query.Captions)],
        };
    }

    internal static string Join(string first, string second)
        => $"{PythonText.Capitalize(Strip(first))} and {Strip(second)}";

    private static string Strip(string caption) => PythonText.Strip(caption, '.', '?', ',', ' ');
}
