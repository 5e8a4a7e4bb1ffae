using System.Text.RegularExpressions;

namespace ZeroShotCir.Recipes;

/// <summary>Puts the text of another recipe into prompt templates, such as <c>a photo that {}</c>; the directions of several are averaged.</summary>
internal sealed partial class TemplateRecipe : ITextRecipe
{
    /// <summary>What a template has in the place of the text.</summary>
    public const string Placeholder = "{}";

    /// <summary>What a template has in the place of what reference and target have in common, which CIRCO annotates.</summary>
    public const string SharedConceptPlaceholder = "{shared_concept}";

    private readonly ITextRecipe _inner;
    private readonly string[] _templates;

    /// <summary>Creates the recipe.</summary>
    /// <param name="inner">The recipe whose texts are put in.</param>
    /// <param name="templates">
    /// The templates; at least one, each with <see cref="Placeholder"/> and perhaps <see cref="SharedConceptPlaceholder"/>. No other braces stand in them.
    /// </param>
    /// <exception cref="ArgumentException">There is no template, one lacks the placeholder, or one has a placeholder that is not known.</exception>
    public TemplateRecipe(ITextRecipe inner, params IReadOnlyList<string> templates)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(templates);
        if (templates.Count == 0)
        {
            throw new ArgumentException("There is no prompt template; at least one is needed.", nameof(templates));
        }

        foreach (string template in templates)
        {
            if (Braces().Matches(template).FirstOrDefault(match => match.Value is not (Placeholder or SharedConceptPlaceholder)) is { } unknown)
            {
                throw new ArgumentException(
                    $"The prompt template '{template}' has '{unknown.Value}', which nothing is put in; "
                    + $"known are '{Placeholder}' and, for CIRCO, '{SharedConceptPlaceholder}'.", nameof(templates));
            }

            if (!template.Contains(Placeholder, StringComparison.Ordinal))
            {
                throw new ArgumentException($"The prompt template '{template}' has no '{Placeholder}' to put the text in.", nameof(templates));
            }
        }

        _inner = inner;
        _templates = [.. templates];
    }

    /// <inheritdoc/>
    public string Name => $"{_inner.Name} in {string.Join(" | ", _templates)}";

    /// <summary>Whether a template asks for the shared concept.</summary>
    public bool UsesSharedConcept => _templates.Any(template => template.Contains(SharedConceptPlaceholder, StringComparison.Ordinal));

    /// <inheritdoc/>
    public IReadOnlyList<string> Compose(IReadOnlyList<string> captions, string? sharedConcept = null)
    {
        ArgumentNullException.ThrowIfNull(captions);
        return [.. from template in _templates from text in _inner.Compose(captions, sharedConcept) select Fill(template, text, sharedConcept)];
    }

    // In one pass: what is put in may hold braces of its own.
    private static string Fill(string template, string text, string? sharedConcept) => Braces().Replace(template, match => match.Value == Placeholder
        ? text
        : string.IsNullOrWhiteSpace(sharedConcept)
            ? throw new ArgumentException($"The prompt template '{template}' asks for the shared concept of reference and target, and there is none.", nameof(sharedConcept))
            : sharedConcept);

    [GeneratedRegex(@"\{[^{}]*\}|[{}]")]
    private static partial Regex Braces();
}
