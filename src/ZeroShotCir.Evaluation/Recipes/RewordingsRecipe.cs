using ZeroShotCir.Evaluation.Datasets;
using ZeroShotCir.Recipes;

namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>
/// A query's text and its annotated rewordings (<see cref="EvaluationQuery.Paraphrases"/>), whose directions are averaged: what a query
/// means, with less of how it is put.
/// </summary>
internal sealed class RewordingsRecipe : ITextRecipe
{
    /// <summary>The name under which <see cref="DatasetRecipe.Parse"/> knows it.</summary>
    public const string Key = "rewordings";

    private readonly ITextRecipe _inner;

    /// <param name="inner">Writes the query's own text, and each rewording's.</param>
    public RewordingsRecipe(ITextRecipe inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
    }

    /// <inheritdoc/>
    public string Name => $"{_inner.Name} with {Key}";

    /// <inheritdoc/>
    /// <remarks>Without a query there are no rewordings: the text is as the inner recipe writes it.</remarks>
    public IReadOnlyList<string> Compose(IReadOnlyList<string> captions, string? sharedConcept = null) => _inner.Compose(captions, sharedConcept);

    /// <summary>Writes a query's own text and its rewordings.</summary>
    /// <remarks>A query without rewordings keeps its text. Rewordings that are blank say nothing and do not count.</remarks>
    public IReadOnlyList<string> Compose(EvaluationQuery query)
    {
        IEnumerable<string> rewordings = query.Paraphrases.Where(text => !string.IsNullOrWhiteSpace(text));
        return [.. _inner.Compose(query), .. rewordings.SelectMany(text => _inner.Compose([text], query.SharedConcept))];
    }
}
