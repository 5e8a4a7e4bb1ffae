using ZeroShotCir.Evaluation.Datasets;

namespace ZeroShotCir.Evaluation.Recipes;

/// <summary>Puts the text of another recipe into prompt templates, such as <c>a photo that {}</c>; the directions of several are averaged.</summary>
public sealed class TemplateRecipe : ITextRecipe
{
    /// <summary>What a template has in the place of the text.</summary>
    public const string Placeholder = "{}";
    private readonly ITextRecipe _inner;
    private readonly string[] _templates;

    /// <summary>Creates the recipe.</summary>
    /// <param name="inner">The recipe whose texts are put in.</param>
    /// <param name="templates">The templates; at least one, each with <see cref="Placeholder"/>.</param>
    /// <exception cref="ArgumentException">There is no template, or one lacks the placeholder.</exception>
    public TemplateRecipe(ITextRecipe inner, params IReadOnlyList<string> templates)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(templates);
        if (templates.Count == 0)
        {
            throw new ArgumentException("There is no prompt template; at least one is needed.", nameof(templates));
        }

        if (templates.FirstOrDefault(template => !template.Contains(Placeholder, StringComparison.Ordinal)) is { } bad)
        {
            throw new ArgumentException($"The prompt template '{bad}' has no '{Placeholder}' to put the text in.", nameof(templates));
        }

        _inner = inner;
        _templates = [.. templates];
    }

    /// <inheritdoc/>
    public string Name => $"{_inner.Name} in {string.Join(" | ", _templates)}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Compose(EvaluationQuery query)
        => [.. from template in _templates from text in _inner.Compose(query) select template.Replace(Placeholder, text, StringComparison.Ordinal)];
}
