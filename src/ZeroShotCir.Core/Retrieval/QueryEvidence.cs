using ZeroShotCir.Composition;
using ZeroShotCir.Imaging;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Retrieval;

/// <summary>The terms that a query gives, in one list, however it gives them.</summary>
internal static class QueryEvidence
{
    /// <exception cref="InvalidQueryException">The query is empty or contradicts itself.</exception>
    public static IReadOnlyList<EvidenceTerm> Collect(ComposedQuery query, ITextRecipe? recipe)
    {
        ArgumentNullException.ThrowIfNull(query);
        EvidenceTerm[] images = [.. Reference(query), .. query.Terms.Where(term => term.Role == TermRole.Image).Select(EvidenceTerm.FromQueryTerm)];
        EvidenceTerm[] texts = string.IsNullOrWhiteSpace(query.Text) ? [] : [new EvidenceTerm(TermRole.Text, 1) { Texts = Written(query.Text, recipe) }];
        EvidenceTerm[] others =
        [
            .. query.Terms.Where(term => term.Role != TermRole.Image).Select(EvidenceTerm.FromQueryTerm),
            .. Texts(query.TargetDescriptions, TermRole.TargetDescription, nameof(query.TargetDescriptions)),
            .. Texts(query.MustHave, TermRole.MustHave, nameof(query.MustHave)),
            .. Texts(query.MustNot, TermRole.MustNot, nameof(query.MustNot)),
        ];
        EvidenceTerm[] terms = query.Expression is { } expression ? [.. Weighed(expression, images, texts), .. others] : [.. images, .. texts, .. others];
        return terms.Length > 0
            ? terms
            : throw new InvalidQueryException("The query has neither a reference image nor a text, or only a blank one. Give at least one of them.");
    }

    private static IReadOnlyList<string> Written(string text, ITextRecipe? recipe)
    {
        if (recipe is null)
        {
            return [text];
        }

        try
        {
            IReadOnlyList<string> written = recipe.Compose([text]);
            return written.Count > 0 ? written : throw new InvalidQueryException($"The text recipe '{recipe.Name}' makes nothing of the text '{text}'. Choose another recipe.");
        }
        catch (ArgumentException e)
        {
            throw new InvalidQueryException($"The text recipe '{recipe.Name}' cannot be used for a query's text: {e.Message}");
        }
    }

    private static IEnumerable<EvidenceTerm> Reference(ComposedQuery query)
    {
        int ways = (query.Image is null ? 0 : 1) + (query.ReferenceId is null ? 0 : 1) + (query.ImageEmbedding.IsEmpty ? 0 : 1);
        return ways switch
        {
            0 => [],
            1 => [new EvidenceTerm(TermRole.Image, 1) { Image = query.Image, ItemId = query.ReferenceId, Embedding = query.ImageEmbedding, IsReference = true }],
            _ => throw new InvalidQueryException(
                $"The reference image is given in {ways} ways. Give it as one of Image, ReferenceId and ImageEmbedding, and further images as Terms."),
        };
    }

    private static IEnumerable<EvidenceTerm> Texts(IReadOnlyList<string> texts, TermRole role, string name) => texts.Any(string.IsNullOrWhiteSpace)
        ? throw new InvalidQueryException($"One of the {name} is blank. Leave it out.")
        : texts.Select(text => new EvidenceTerm(role, 1) { Texts = [text] });

    private static IEnumerable<EvidenceTerm> Weighed(CompositionExpression expression, EvidenceTerm[] images, EvidenceTerm[] texts)
    {
        if (Enumerable.Range(1, images.Length).FirstOrDefault(number => !expression.Terms.Any(term => term.Number == number)) is > 0 and var unused)
        {
            throw new InvalidQueryException(
                $"The query's image {unused} does not occur in the expression '{expression}'. "
                + $"Write image{(unused > 1 ? unused : string.Empty)} into it, or leave the image out.");
        }

        if (texts.Length > 0 && !expression.Terms.Any(term => term.Kind == ExpressionTermKind.QueryText))
        {
            throw new InvalidQueryException($"The query's text does not occur in the expression '{expression}'. Write text into it, or leave the text out.");
        }

        return [.. expression.Terms.Select(term => term.Kind switch
        {
            ExpressionTermKind.Text => new EvidenceTerm(TermRole.Text, term.Weight) { Texts = [term.Value] },
            ExpressionTermKind.ImageFile => new EvidenceTerm(TermRole.Image, term.Weight) { Image = ImageData.FromFile(term.Value) },
            ExpressionTermKind.QueryText when texts.Length > 0 => texts[0] with { Weight = term.Weight },
            ExpressionTermKind.QueryImage when term.Number <= images.Length => images[term.Number - 1] with { Weight = term.Weight * images[term.Number - 1].Weight },
            ExpressionTermKind.QueryText => throw new InvalidQueryException($"The expression '{expression}' names the query's text, and it has none."),
            _ => throw new InvalidQueryException($"The expression '{expression}' names image {term.Number}, and the query has {images.Length} images."),
        })];
    }
}
