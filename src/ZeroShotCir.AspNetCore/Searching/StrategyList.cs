using System.Text.Json;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Composition;
using ZeroShotCir.Galleries;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>The table of strategies as a page shows it.</summary>
internal static class StrategyList
{
    /// <param name="gallery">The gallery.</param>
    /// <param name="hasDescriber">Whether somebody describes targets.</param>
    /// <param name="composes">Whether the model reads images and texts together.</param>
    public static IReadOnlyList<StrategyDescription> Of(Gallery gallery, bool hasDescriber, bool composes) => [.. StrategyTable.All.Select(row => new StrategyDescription
    {
        Name = row.Name,
        Summary = row.Summary,
        Formula = row.Formula,
        Source = row.Source,
        UsesAlpha = row.UsesAlpha,
        Reads = [.. row.Terms.Select(term => NameOf(term.Role))],
        Needs = [.. row.Terms.Where(term => term.IsRequired && !(row.Name == "arithmetic")).Select(term => NameOf(term.Role))],
        Parameters = [.. row.Parameters.Select(parameter => new ParameterDescription
        {
            Name = parameter.Name,
            Description = parameter.Description,
            Default = parameter.Default,
            Minimum = parameter.Minimum == double.MinValue ? null : parameter.Minimum,
            Maximum = parameter.Maximum == double.MaxValue ? null : parameter.Maximum,
        })],
        Unavailable = Obstacle(row, gallery, hasDescriber, composes),
    })];

    private static string? Obstacle(StrategyDefinition row, Gallery gallery, bool hasDescriber, bool composes)
    {
        if (row.Terms.Any(term => term is { Role: TermRole.Composed, IsRequired: true }) && !composes)
        {
            return "It needs a model that reads images and texts together, and this one does not.";
        }

        if (row.Terms.Any(term => term is { Role: TermRole.TargetDescription, IsRequired: true }) && !hasDescriber)
        {
            return "It reads descriptions of the target, which nobody writes here: register an ITargetDescriber.";
        }

        bool readsCaptions = row.Name == "centred" || (row.Name != "arithmetic" && row.Terms.Any(term => term is { Role: TermRole.ReferenceDescription, IsRequired: true }));
        if (row.Parameters.Any(parameter => parameter is { Name: "project", Default: not 0 }) && gallery.Projection is null)
        {
            return "It reads a projection made from a corpus of texts, and the gallery has none: 'cir gallery project' makes one.";
        }

        return readsCaptions && gallery.CaptionCount == 0 ? "It reads captions, and the gallery has none." : null;
    }

    private static string NameOf(TermRole role) => JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
}
