namespace ZeroShotCir.Recipes;

/// <summary>
/// FashionIQ's two captions as CLIP4Cir and its successors join them: <c>.</c>, <c>?</c>, <c>,</c> and blanks taken off their ends, the
/// first capitalized, joined by " and ". A single caption stays as it stands.
/// </summary>
internal sealed class JoinedRecipe : ITextRecipe
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
    public IReadOnlyList<string> Compose(IReadOnlyList<string> captions, string? sharedConcept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return captions switch
        {
            [var first, var second] when _bothOrders => [Join(first, second), Join(second, first)],
            [var first, var second] => [Join(first, second)],
            _ => [string.Join(" and ", captions)],
        };
    }

    internal static string Join(string first, string second)
        => $"{PythonText.Capitalize(Strip(first))} and {Strip(second)}";

    private static string Strip(string caption) => PythonText.Strip(caption, '.', '?', ',', ' ');
}
