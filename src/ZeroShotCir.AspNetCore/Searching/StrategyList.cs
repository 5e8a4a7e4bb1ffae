using System.Text.Json;
using ZeroShotCir.AspNetCore.Contracts;
using ZeroShotCir.Composition;

namespace ZeroShotCir.AspNetCore.Searching;

/// <summary>The table of strategies as a page shows it.</summary>
internal static class StrategyList
{
    /// <param name="view">What is searched.</param>
    /// <param name="hasDescriber">Whether somebody describes targets.</param>
    /// <param name="composes">Whether the model reads images and texts together.</param>
    public static IReadOnlyList<StrategyDescription> ForGallery(GalleryView view, bool hasDescriber, bool composes) => [.. StrategyTable.All.Select(row => new StrategyDescription
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
        Unavailable = Obstacle(row, view, hasDescriber, composes),
    })];

    private static string? Obstacle(StrategyDefinition row, GalleryView view, bool hasDescriber, bool composes)
    {
        if (row.Terms.Any(term => term is { Role: TermRole.Composed, IsRequired: true }) && !composes)
        {
            return "It needs a model that reads images and texts together, and this one does not.";
        }

        if (row.Terms.Any(term => term is { Role: TermRole.TargetDescription, IsRequired: true }) && !hasDescriber)
        {
            return "It reads descriptions of the target, which nobody writes here: register an ITargetDescriber.";
        }

        return view.ObstacleTo(row);
    }

    private static string NameOf(TermRole role) => JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
}
