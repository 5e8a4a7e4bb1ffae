namespace ZeroShotCir.Recipes;

/// <summary>
/// Exactly the text that WeiMoCIR's published code encodes (whats2000/WeiMoCIR, <c>src/data_utils.py</c>): every part of a caption
/// around the letters "and" is led by <c> [FORWARD] </c>, a remnant of Bi-BLIP4CIR, and FashionIQ's two captions are then joined.
/// </summary>
/// <remarks>The split is on the letters, not on the word: "standing" becomes "stand [FORWARD] ing".</remarks>
internal sealed class WeiMoCirCodeRecipe : ITextRecipe
{
    /// <inheritdoc/>
    public string Name => "weimocir-code";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compose(IReadOnlyList<string> captions, string? sharedConcept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return captions is [var first, var second]
            ? [JoinedRecipe.Join(Mark(first), Mark(second))]
            : [string.Join(" and ", captions.Select(Mark))];
    }

    private static string Mark(string caption)
        => string.Join("and", caption.Split("and", StringSplitOptions.None).Select(part => " [FORWARD] " + part));
}
